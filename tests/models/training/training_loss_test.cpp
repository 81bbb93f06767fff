#include "models/training/training_loss.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace paramixer {
namespace {

TrainingData three_classes() {
  TrainingData data{.classes = {"a", "b", "c"}, .records = {}};
  for (const std::int32_t label : {0, 0, 0, 0, 1, 1, 2, 2}) data.records.push_back({"", "", label});
  return data;
}

torch::Tensor some_logits() { return torch::tensor({{2.0, 0.0, 1.0}, {0.5, -1.0, 0.0}}); }

double loss_of(const TrainConfig& config, const std::vector<std::int64_t>& labels) {
  const TrainingLoss loss(three_classes(), config, torch::kCPU);
  return loss(some_logits(), torch::tensor(labels, torch::kLong)).item<double>();
}

double log_probability(int row, int column) {
  return torch::log_softmax(some_logits(), 1)[row][column].item<double>();
}

TEST(TrainingLoss, is_the_cross_entropy) {
  EXPECT_NEAR(loss_of({}, {0, 2}), -(log_probability(0, 0) + log_probability(1, 2)) / 2, 1e-6);
}

TEST(TrainingLoss, decoys_are_to_be_equally_probable_in_all_classes) {
  TrainConfig config;
  config.decoy_share = 0.5;
  const double uniform =
      -(log_probability(1, 0) + log_probability(1, 1) + log_probability(1, 2)) / 3;
  EXPECT_NEAR(loss_of(config, {0, kDecoyLabel}), (-log_probability(0, 0) + uniform) / 2, 1e-6);
  EXPECT_NEAR(loss_of(config, {0, 2}), -(log_probability(0, 0) + log_probability(1, 2)) / 2, 1e-6);
  EXPECT_TRUE(std::isfinite(loss_of(config, {kDecoyLabel, kDecoyLabel})));
}

TEST(TrainingLoss, class_weights_balance_the_classes) {
  TrainConfig config;
  config.class_weights = ClassWeights::kBalanced;  // 8/12, 8/6, 8/6.
  const double first = 8.0 / 12.0;
  const double third = 8.0 / 6.0;
  EXPECT_NEAR(loss_of(config, {0, 2}),
              -(first * log_probability(0, 0) + third * log_probability(1, 2)) / (first + third),
              1e-6);
}

TEST(TrainingLoss, label_smoothing_spreads_a_probability_over_all_classes) {
  TrainConfig config;
  config.label_smoothing = 0.3;
  double expected = 0.0;
  for (const auto& [row, label] : {std::pair{0, 0}, {1, 2}}) {
    for (int c = 0; c < 3; ++c) {
      expected -= (c == label ? 0.8 : 0.1) * log_probability(row, c) / 2;
    }
  }
  EXPECT_NEAR(loss_of(config, {0, 2}), expected, 1e-6);
}

TEST(TrainingLoss, accuracy_leaves_decoys_out) {
  EXPECT_EQ(accuracy_of(some_logits(), torch::tensor({std::int64_t{0}, std::int64_t{2}})), 0.5);
  EXPECT_EQ(accuracy_of(some_logits(), torch::tensor({std::int64_t{0}, kDecoyLabel})), 1.0);
  EXPECT_EQ(accuracy_of(some_logits(), torch::tensor({kDecoyLabel, kDecoyLabel})), 0.0);
}

}  // namespace
}  // namespace paramixer
