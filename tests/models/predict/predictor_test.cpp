#include "models/predict/predictor.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"
#include "core/sequence/strand.hpp"
#include "models/file/model_file.hpp"
#include "models/network/device.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"
#include "tests/models/training/training_cases.hpp"

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
    EXPECT_FALSE(prediction.unclassified);
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

TEST_F(PredictorTest, CanonicalTokensGiveBothStrandsTheSameBytes) {
  card_.strand = "forward";
  card_.config.tokens = {TokenKind::kKmer, 3, "agctn", TokenStrand::kCanonical};
  card_.config.vocabulary = Tokenizer(card_.config.tokens).vocabulary();
  card_.config.factors = 0;
  card_.config.max_length = 600;
  Predictor classifier = predictor();
  // One window, several windows, one that ends with the record, unknown bases.
  for (const std::int64_t length : {3, 100, 602, 1500, 1804}) {
    std::string sequence = random_bases(length, static_cast<std::uint64_t>(length));
    if (length > 1000) sequence.replace(700, 9, "NNNRNYNNN");
    const Prediction own = only(classifier, sequence);
    const Prediction other = only(classifier, reverse_complement(sequence));
    ASSERT_EQ(own.status, RecordStatus::kOk);
    EXPECT_EQ(own.probabilities, other.probabilities) << length;
  }
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

/// The status of a sequence, and its reason where there is one.
std::string status_of(Predictor& classifier, const std::string& sequence) {
  const Prediction prediction = classifier.predict(std::vector{sequence}).at(0);
  switch (prediction.status) {
    case RecordStatus::kOk:
      return "ok";
    case RecordStatus::kNoEvidence:
      EXPECT_EQ(prediction.best, -1);
      EXPECT_TRUE(prediction.probabilities.empty());
      return prediction.reason;
    case RecordStatus::kRejected:
      break;
  }
  return "rejected: " + prediction.reason;
}

struct EvidenceCase {
  TokenScheme tokens;
  std::string sequence;
  std::string status;
};

TEST_F(PredictorTest, RecordsOfMostlyUnknownBasesAreNoEvidence) {
  const TokenScheme nucleotides{TokenKind::kNucleotide, 1, "agct"};
  const TokenScheme two_mers{TokenKind::kKmer, 2, "agctn"};
  const TokenScheme peptides{TokenKind::kPeptide, 1, "agctn"};
  const std::string none = "no evidence: ";
  card_.config.max_length = 200;
  for (const EvidenceCase& row :
       {EvidenceCase{nucleotides, "NNNN", none + "4 of 4 bases unknown"},
        {nucleotides, "A", "ok"},
        {nucleotides, "N", none + "1 of 1 bases unknown"},
        {nucleotides, "NNNA", none + "3 of 4 bases unknown"},
        {nucleotides, "NNAA", "ok"},
        {two_mers, "NNNN", none + "4 of 4 bases unknown"},
        {two_mers, "nnnn", none + "4 of 4 bases unknown"},
        {two_mers, "RYKM", none + "4 of 4 bases unknown"},
        {two_mers, "acNg", "ok"},
        {two_mers, "ANCNG", none + "2 of 5 bases unknown, no 2 in a row known"},
        {two_mers, std::string(49, 'N') + random_bases(51, 1), "ok"},
        {two_mers, std::string(50, 'N') + random_bases(50, 1), "ok"},
        {two_mers, std::string(51, 'N') + random_bases(49, 1), none + "51 of 100 bases unknown"},
        {two_mers, "N", "rejected: too short: 1 bases, the model needs 2"},
        {two_mers, "N-N", "rejected: invalid letter '-' at position 2"},
        {peptides, "NNNNNN", none + "6 of 6 bases unknown"},
        {peptides, "ACGNAC", "ok"},
        {peptides, "ACNGA", none + "1 of 5 bases unknown, no 3 in a row known"}}) {
    card_.config.tokens = row.tokens;
    card_.config.vocabulary = Tokenizer(row.tokens).vocabulary();
    Predictor classifier = predictor();
    EXPECT_EQ(status_of(classifier, row.sequence), row.status) << row.sequence;
  }
}

TEST_F(PredictorTest, TheShareOfUnknownBasesCanBeChosen) {
  const std::string sequence = "NNNNNNACGT";
  for (const auto& [limit, status] : {std::pair{0.0, "no evidence: 6 of 10 bases unknown"},
                                      {0.59, "no evidence: 6 of 10 bases unknown"},
                                      {0.6, "ok"},
                                      {1.0, "ok"}}) {
    PredictorOptions options;
    options.max_unknown = limit;
    Predictor classifier = predictor(options);
    EXPECT_EQ(status_of(classifier, sequence), status) << limit;
    EXPECT_EQ(status_of(classifier, "NNNNNNNNNN"), "no evidence: 10 of 10 bases unknown");
  }
  for (const double wrong : {-0.1, 1.1}) {
    PredictorOptions options;
    options.max_unknown = wrong;
    EXPECT_HAS(message_of([&] { predictor(options); }), "from 0 to 1");
  }
}

TEST_F(PredictorTest, WindowsWithoutEvidenceCountForNothing) {
  card_.strand = "forward";
  Predictor classifier = predictor();
  ASSERT_EQ(classifier.window(), 17);
  const std::string first = random_bases(17, 1);
  const std::string last = random_bases(17, 2);
  const std::string gap(34, 'N');
  expect_probabilities(only(classifier, first + gap + last),
                       (expected(first) + expected(last)) / 2);
  // More than half of the record is unknown, but one of its windows is not.
  expect_probabilities(only(classifier, gap + last), expected(last));
  EXPECT_EQ(status_of(classifier, gap + gap + "ACGTACGT"), "no evidence: 68 of 76 bases unknown");
}

TEST_F(PredictorTest, ATruncatedRecordIsJudgedByWhatIsSeen) {
  PredictorOptions options;
  options.long_records = LongRecords::kTruncate;
  Predictor classifier = predictor(options);
  EXPECT_EQ(status_of(classifier, std::string(17, 'N') + random_bases(100, 1)),
            "no evidence: 17 of 17 bases unknown");
}

TEST_F(PredictorTest, AmbiguousLettersAreClassifiedAmongOthers) {
  Predictor classifier = predictor();
  EXPECT_NE(only(classifier, "ACGTNACGT").probabilities,
            only(classifier, "ACGTAACGT").probabilities);
}

/// What cannot be told apart by a single bit.
void expect_same(const Prediction& actual, const Prediction& expected) {
  EXPECT_EQ(actual.probabilities, expected.probabilities);
  EXPECT_EQ(actual.entropy, expected.entropy);
  EXPECT_EQ(actual.reason, expected.reason);
}

TEST_F(PredictorTest, TheAnswerDoesNotDependOnBatchesThreadsOrCompany) {
  std::vector<std::string> sequences;
  for (std::uint64_t s = 0; s < 70; ++s) {
    sequences.push_back(random_bases(static_cast<std::int64_t>(2 + 7 * s % 90), s));
  }
  sequences[3] = std::string(40, 'N');
  sequences[5] = "A";
  const auto answers = predictor().predict(sequences);
  for (const int threads : {1, 2, 3}) {
    set_compute_threads(threads);
    for (const std::int64_t batch_size : {1, 3, 7, 64}) {
      SCOPED_TRACE(std::to_string(threads) + " threads, batches of " + std::to_string(batch_size));
      Predictor classifier(path_, {.batch_size = batch_size});
      const auto together = classifier.predict(sequences);
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        expect_same(together[s], answers[s]);
        if (s % 9 == 0) expect_same(only(classifier, sequences[s]), answers[s]);
      }
    }
  }
  set_compute_threads(1);
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
  EXPECT_TRUE(only(classifier, "ACGTAC").unclassified);
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
  EXPECT_EQ(value_named<LongRecords>("truncate"), LongRecords::kTruncate);
  EXPECT_HAS(message_of([] { value_named<LongRecords>("skip"); }), "window, truncate, error");
}

}  // namespace
}  // namespace paramixer
