#include "models/predictor.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"
#include "core/sequence/strand.hpp"
#include "models/model_file.hpp"
#include "tests/io/test_files.hpp"
#include "tests/models/model_cases.hpp"
#include "tests/models/training_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::random_bases;
using test::random_model;
using test::small_config;
using test::TempDir;

/// A saved random model of 2-mers for windows of up to 17 bases.
class PredictorTest : public testing::Test {
 protected:
  PredictorTest() { card_.config = small_config(); }

  Predictor predictor(const PredictorOptions& options = {}) {
    model_ = random_model(card_.config, 1);
    save_model(path_, *model_, card_);
    return Predictor(path_, options);
  }

  /// Class probabilities of a window on its own strand, computed without the predictor.
  torch::Tensor expected(const std::string& bases) const {
    TokenBatch batch;
    const Tokenizer tokenizer(card_.config.tokens);
    const std::int64_t count = tokenizer.token_count(static_cast<std::int64_t>(bases.size()));
    const bool fixed = card_.config.length == LengthKind::kFixed;
    tokenizer.encode(
        bases, batch.append(count, fixed ? card_.config.max_length : count, tokenizer.pad_token()));
    const torch::NoGradGuard no_gradients;
    const torch::Tensor logits = model_->forward(to_model_input(batch, torch::kCPU));
    return torch::softmax(logits[0].to(torch::kDouble) / card_.temperature, 0);
  }

  static void expect_probabilities(const Prediction& prediction, const torch::Tensor& expected) {
    ASSERT_EQ(prediction.status, RecordStatus::kOk) << prediction.reason;
    EXPECT_TRUE(torch::allclose(torch::tensor(prediction.probabilities).to(torch::kDouble),
                                expected, 1e-5, 1e-6));
  }

  static Prediction only(Predictor& predictor, const std::string& sequence) {
    return predictor.predict(std::vector{sequence}).at(0);
  }

  TempDir folder_;
  std::string path_ = folder_.file("model.safetensors");
  ModelCard card_;
  std::shared_ptr<Paramixer> model_;
};

TEST_F(PredictorTest, GivesTheModelsProbabilitiesBestFirst) {
  card_.strand = "forward";
  card_.temperature = 1.5;
  Predictor classifier = predictor();
  for (const std::string sequence : {"AC", "ACGTACGTAA", "NNNACG", "acgtuRYKM"}) {
    const Prediction prediction = only(classifier, sequence);
    const torch::Tensor probabilities = expected(sequence);
    expect_probabilities(prediction, probabilities);
    const torch::Tensor order = probabilities.argsort(0, true);
    EXPECT_EQ(prediction.best, order[0].item<std::int64_t>());
    EXPECT_EQ(prediction.second, order[1].item<std::int64_t>());
    EXPECT_NEAR(prediction.entropy, -(probabilities * probabilities.log()).sum().item<double>(),
                1e-5);
    EXPECT_FALSE(prediction.below_confidence);
  }
}

TEST_F(PredictorTest, AveragesTheTwoStrands) {
  Predictor classifier = predictor();
  const std::string sequence = random_bases(14, 1);
  const std::string other = reverse_complement(sequence);
  EXPECT_FALSE(torch::allclose(expected(sequence), expected(other), 1e-3, 1e-3));
  const torch::Tensor mean = (expected(sequence) + expected(other)) / 2;
  expect_probabilities(only(classifier, sequence), mean);
  expect_probabilities(only(classifier, other), mean);
}

TEST_F(PredictorTest, AveragesTheWindowsOfALongRecord) {
  card_.strand = "forward";
  Predictor classifier = predictor();
  ASSERT_EQ(classifier.window(), 17);
  const std::string sequence = random_bases(40, 1);
  const torch::Tensor mean = (expected(sequence.substr(0, 17)) + expected(sequence.substr(17, 17)) +
                              expected(sequence.substr(23, 17))) /
                             3;
  expect_probabilities(only(classifier, sequence), mean);
}

TEST_F(PredictorTest, TruncatesOrRejectsLongRecordsWhenAsked) {
  card_.strand = "forward";
  const std::string sequence = random_bases(40, 1);
  PredictorOptions options;
  options.long_records = LongRecords::kTruncate;
  Predictor truncating = predictor(options);
  expect_probabilities(only(truncating, sequence), expected(sequence.substr(0, 17)));
  options.long_records = LongRecords::kError;
  Predictor rejecting = predictor(options);
  const Prediction prediction = only(rejecting, sequence);
  EXPECT_EQ(prediction.status, RecordStatus::kRejected);
  EXPECT_EQ(prediction.reason, "too long: 40 bases, the window is 17");
  EXPECT_EQ(only(rejecting, sequence.substr(0, 17)).status, RecordStatus::kOk);
}

TEST_F(PredictorTest, PadsWhereTheModelHasAFixedLength) {
  card_.strand = "forward";
  card_.config.length = LengthKind::kFixed;
  card_.config.position = PositionKind::kLearned;
  card_.config.pooling = Pooling::kFlatten;
  Predictor classifier = predictor();
  for (const std::int64_t length : {2, 9, 17}) {
    const std::string sequence = random_bases(length, 1);
    expect_probabilities(only(classifier, sequence), expected(sequence));
  }
}

TEST_F(PredictorTest, RejectsWhatCannotBeClassifiedAndAnswersTheRest) {
  Predictor classifier = predictor();
  const std::vector<std::string> sequences{"ACGTAC", "", "A", "AC-GT", "GGTACC"};
  const auto predictions = classifier.predict(sequences);
  ASSERT_EQ(predictions.size(), 5U);
  EXPECT_EQ(predictions[0].status, RecordStatus::kOk);
  EXPECT_EQ(predictions[1].reason, "no bases");
  EXPECT_EQ(predictions[2].reason, "too short: 1 bases, the model needs 2");
  EXPECT_EQ(predictions[3].reason, "invalid letter '-' at position 3");
  EXPECT_EQ(predictions[4].status, RecordStatus::kOk);
  for (const std::size_t rejected : {1U, 2U, 3U}) {
    EXPECT_EQ(predictions[rejected].status, RecordStatus::kRejected);
    EXPECT_TRUE(predictions[rejected].probabilities.empty());
    EXPECT_EQ(predictions[rejected].best, -1);
  }
}

TEST_F(PredictorTest, AnswersACallWithoutSequences) {
  EXPECT_TRUE(predictor().predict({}).empty());
}

TEST_F(PredictorTest, AmbiguousLettersAreClassified) {
  Predictor classifier = predictor();
  const Prediction prediction = only(classifier, std::string(10, 'N'));
  EXPECT_EQ(prediction.status, RecordStatus::kOk);
  EXPECT_NE(prediction.probabilities, only(classifier, std::string(10, 'A')).probabilities);
}

TEST_F(PredictorTest, TheAnswerDoesNotDependOnBatchesOrCompany) {
  std::vector<std::string> sequences;
  for (std::uint64_t s = 0; s < 9; ++s) {
    sequences.push_back(random_bases(static_cast<std::int64_t>(2 + 7 * s), s));
  }
  PredictorOptions options;
  Predictor together = predictor(options);
  options.batch_size = 1;
  Predictor alone = predictor(options);
  options.batch_size = 4;
  Predictor split = predictor(options);
  const auto expected_answers = together.predict(sequences);
  const auto split_answers = split.predict(sequences);
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const torch::Tensor answer =
        torch::tensor(expected_answers[s].probabilities).to(torch::kDouble);
    expect_probabilities(only(alone, sequences[s]), answer);
    expect_probabilities(split_answers[s], answer);
  }
}

TEST_F(PredictorTest, TheWindowComesFromOptionTrainingOrModel) {
  EXPECT_EQ(predictor().window(), 17);
  card_.trained_length = 12;
  EXPECT_EQ(predictor().window(), 12);
  card_.trained_length = 100;
  EXPECT_EQ(predictor().window(), 100) << "actual length: no weight depends on it";
  PredictorOptions options;
  options.window = 30;
  EXPECT_EQ(predictor(options).window(), 30);
  card_.config.length = LengthKind::kFixed;
  EXPECT_EQ(predictor().window(), 17);
}

TEST_F(PredictorTest, WindowsThatTheModelCannotTakeAreRefused) {
  PredictorOptions options;
  options.window = 1;
  EXPECT_HAS(message_of([&] { predictor(options); }), "at least 2");
  options.window = -3;
  EXPECT_HAS(message_of([&] { predictor(options); }), "at least 2");
  options.window = 18;
  card_.config.length = LengthKind::kFixed;
  EXPECT_HAS(message_of([&] { predictor(options); }), "18 bases is longer");
}

TEST_F(PredictorTest, ABatchSizeBelowOneIsRefused) {
  PredictorOptions options;
  options.batch_size = 0;
  EXPECT_HAS(message_of([&] { predictor(options); }), "batch size");
}

TEST_F(PredictorTest, Bfloat16StorageChangesProbabilitiesALittle) {
  card_.strand = "forward";
  const PredictorOptions options{.storage = ValueStorage::kBfloat16};
  Predictor classifier = predictor(options);
  bool differs = false;
  for (const std::string sequence : {"AC", "ACGTACGTAA", "NNNACG", "TTTTTTGACCAGTA"}) {
    const Prediction prediction = only(classifier, sequence);
    const torch::Tensor exact = expected(sequence);
    ASSERT_EQ(prediction.status, RecordStatus::kOk) << prediction.reason;
    const torch::Tensor rounded = torch::tensor(prediction.probabilities).to(torch::kDouble);
    EXPECT_TRUE(torch::allclose(rounded, exact, 0.0, 2e-2));
    differs = differs || !torch::allclose(rounded, exact, 0.0, 1e-7);
  }
  EXPECT_TRUE(differs) << "the option was not heard";
}

TEST_F(PredictorTest, Bfloat16StorageIsRefusedWhereNoTableHoldsTheLinks) {
  card_.config.position = PositionKind::kLearned;
  card_.config.length = LengthKind::kFixed;
  card_.config.max_length = std::int64_t{1} << 18;
  const PredictorOptions options{.storage = ValueStorage::kBfloat16};
  EXPECT_HAS(message_of([&] { predictor(options); }), "needs links from a table");
}

TEST_F(PredictorTest, MarksAnswersBelowTheLeastConfidence) {
  PredictorOptions options;
  options.min_confidence = 1.0;
  Predictor classifier = predictor(options);
  EXPECT_TRUE(only(classifier, "ACGTAC").below_confidence);
}

TEST_F(PredictorTest, AModelOfOneClassHasNoSecond) {
  card_.config.classes = {"only"};
  Predictor classifier = predictor();
  const Prediction prediction = only(classifier, "ACGTAC");
  EXPECT_EQ(prediction.best, 0);
  EXPECT_EQ(prediction.second, -1);
  EXPECT_FLOAT_EQ(prediction.probabilities.at(0), 1.0F);
}

TEST_F(PredictorTest, ModelsThatDoNotClassifyDnaAreRefused) {
  card_.config.input = InputKind::kTokens;
  EXPECT_HAS(message_of([&] { predictor(); }), "only models that classify DNA");
  card_.config.input = InputKind::kDna;
  card_.config.task = TaskKind::kRegress;
  EXPECT_HAS(message_of([&] { predictor(); }), path_);
}

TEST_F(PredictorTest, DamagedWeightsAreAnErrorNotAnAnswer) {
  predictor();
  TensorFile file = read_safetensors(path_);
  file.tensors["final.bias"] =
      store_f32({3}, std::vector<float>(3, std::numeric_limits<float>::quiet_NaN()));
  write_safetensors(path_, file);
  Predictor classifier(path_, {});
  EXPECT_HAS(message_of([&] { only(classifier, "ACGTAC"); }), "not a number");
}

TEST(LongRecordsName, UnknownOnesListTheKnown) {
  EXPECT_EQ(long_records_from("truncate"), LongRecords::kTruncate);
  EXPECT_HAS(message_of([] { long_records_from("skip"); }), "window, truncate, error");
}

}  // namespace
}  // namespace paramixer
