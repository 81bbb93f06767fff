#include "models/training/validation_set.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"
#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

using test::gc_data;
using test::message_of;
using test::nucleotide_config;
using test::plain_training;
using test::random_bases;
using test::random_model;

TrainConfig whole_records() {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  return config;
}

/// A model that says class 1 with probability e / (e + 1) whatever it sees.
std::shared_ptr<Paramixer> constant_model() {
  const auto model = random_model(nucleotide_config({"rich", "poor"}), 1);
  const torch::NoGradGuard no_gradients;
  model->named_parameters()["final.weight"].zero_();
  model->named_parameters()["final.bias"].copy_(torch::tensor({0.0F, 1.0F}));
  return model;
}

TEST(ValidationSet, DrawsAsManyWindowsAsAskedFor) {
  TrainConfig config = plain_training();
  const TrainingData data = gc_data(3, 50, 1);
  const ModelConfig model = nucleotide_config(data.classes);
  for (const std::int64_t windows : {1, 5, 100}) {
    config.validation_windows = windows;
    const ValidationSet set(data, model, config, 32);
    EXPECT_EQ(set.windows(), windows);
    EXPECT_EQ(set.evaluate(*constant_model(), torch::kCPU).records, windows);
  }
}

TEST(ValidationSet, TakesTheClassesInTurn) {
  TrainingData data = gc_data(1, 50, 1);
  for (int extra = 0; extra < 9; ++extra) data.records.push_back(data.records[0]);
  const ValidationSet set(data, nucleotide_config(data.classes), plain_training(), 32);
  const auto metrics = set.evaluate(*constant_model(), torch::kCPU);
  // The first of 11 records in turn is the rare class's only one; 16 windows go round once and
  // then once more to it.
  EXPECT_EQ(metrics.per_class[0].support + metrics.per_class[1].support, 16);
  EXPECT_EQ(metrics.per_class[1].support, 2);
}

TEST(ValidationSet, EvaluatesTheModelsProbabilities) {
  const TrainingData data = gc_data(4, 50, 1);
  const ValidationSet set(data, nucleotide_config(data.classes), plain_training(), 32);
  const auto metrics = set.evaluate(*constant_model(), torch::kCPU);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].recall, 1.0);
  EXPECT_NEAR(metrics.log_loss, 0.5 * (std::log(1.0 + std::exp(1.0)) + std::log1p(std::exp(-1.0))),
              1e-5);
}

TEST(ValidationSet, GivesTheSameWindowsEveryTime) {
  TrainConfig config = plain_training();
  config.error_share = config.reverse_complement = 0.5;
  const TrainingData data = gc_data(4, 50, 1);
  const ModelConfig model_config = nucleotide_config(data.classes);
  const auto model = random_model(model_config, 1);
  const auto loss_of = [&] {
    return ValidationSet(data, model_config, config, 32).evaluate(*model, torch::kCPU).log_loss;
  };
  const double first = loss_of();
  EXPECT_EQ(loss_of(), first);
  config.seed += 1;
  EXPECT_NE(loss_of(), first);
}

TEST(ValidationSet, LeavesTheModelInTrainingModeWithoutGradients) {
  const TrainingData data = gc_data(4, 50, 1);
  const ValidationSet set(data, nucleotide_config(data.classes), plain_training(), 32);
  const auto model = constant_model();
  set.evaluate(*model, torch::kCPU);
  EXPECT_TRUE(model->is_training());
  for (const auto& parameter : model->parameters()) EXPECT_FALSE(parameter.grad().defined());
}

TEST(ValidationSet, DropoutIsOffDuringEvaluation) {
  const TrainingData data = gc_data(4, 50, 1);
  const ModelConfig plain = nucleotide_config(data.classes);
  ModelConfig dropping = plain;
  dropping.value_dropout = 0.9;
  const ValidationSet set(data, plain, plain_training(), 32);
  const auto model = random_model(plain, 1);
  const auto other = test::with_weights_of(*model, dropping);
  other->train();
  EXPECT_EQ(set.evaluate(*other, torch::kCPU).log_loss, set.evaluate(*model, torch::kCPU).log_loss);
}

TEST(ValidationSet, WholeRecordsAreTakenOnceEachAndTheLongestFirst) {
  TrainingData data{{"a", "b"}, {}};
  for (int r = 1; r <= 6; ++r) {
    data.records.push_back({"r", random_bases(10 * r, 5), r <= 3 ? 0 : 1});
  }
  TrainConfig config = whole_records();
  const ModelConfig model = nucleotide_config(data.classes);
  EXPECT_EQ(ValidationSet(data, model, config, 60).windows(), 6);
  EXPECT_EQ(ValidationSet(data, model, config, 45).windows(), 4) << "longer records stay out";
  config.validation_windows = 3;
  const auto metrics =
      ValidationSet(data, model, config, 60).evaluate(*constant_model(), torch::kCPU);
  EXPECT_EQ(metrics.per_class[1].support, 3);
}

TEST(ValidationSet, WithoutAnyRecordThatFitsItIsRefused) {
  const TrainingData data = gc_data(2, 50, 1);
  const ModelConfig model = nucleotide_config(data.classes);
  EXPECT_HAS(message_of([&] { ValidationSet(data, model, whole_records(), 49); }), "49 bases");
}

TEST(ValidationSet, RecordsThatCannotBeValidatedOnAreNamed) {
  TrainingData data = gc_data(2, 50, 1);
  ModelConfig model = nucleotide_config(data.classes);
  model.tokens = {TokenKind::kKmer, 6, "agctn"};
  model = validated(model);
  data.records[3].sequence = "ACGTA";
  EXPECT_HAS(message_of([&] { ValidationSet(data, model, plain_training(), 32); }),
             "record 'poor1': too short");
  data.records[3].sequence = "ACGTA*ACGT";
  EXPECT_HAS(message_of([&] { ValidationSet(data, model, plain_training(), 32); }),
             "record 'poor1', position 6");
}

TEST(SelectionValue, IsLargerForTheBetterModel) {
  ClassificationMetrics metrics;
  metrics.accuracy = 0.1;
  metrics.balanced_accuracy = 0.2;
  metrics.macro_f1 = 0.3;
  metrics.log_loss = 0.4;
  EXPECT_EQ(selection_value(metrics, SelectMetric::kAccuracy), 0.1);
  EXPECT_EQ(selection_value(metrics, SelectMetric::kBalancedAccuracy), 0.2);
  EXPECT_EQ(selection_value(metrics, SelectMetric::kMacroF1), 0.3);
  EXPECT_EQ(selection_value(metrics, SelectMetric::kLogLoss), -0.4);
}

}  // namespace
}  // namespace paramixer
