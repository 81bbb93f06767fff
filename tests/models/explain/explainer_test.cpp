#include "models/explain/explainer.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "core/base/error.hpp"
#include "core/explain/link_list.hpp"
#include "core/sequence/strand.hpp"
#include "models/file/model_file.hpp"
#include "models/network/device.hpp"
#include "models/predict/predictor.hpp"
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
class ExplainerTest : public testing::Test {
 protected:
  ExplainerTest() { card_.config = small_config(); }

  void save() { save_model(path_, *random_model(card_.config, 1), card_); }
  Explainer explainer(const ExplainerOptions& options = {}) {
    save();
    return Explainer(path_, options);
  }

  static Attribution attribution(Explainer& own, const std::string& bases,
                                 AttributionMethod method = AttributionMethod::kAuto,
                                 Contrast contrast = {0, -1}) {
    return own.attribute(bases, contrast, method);
  }
  static RecordLogits logits(Explainer& own, const std::string& bases) {
    return own.logits(std::vector{bases}).front();
  }
  static double sum_of(const Attribution& own) {
    return std::accumulate(own.values.begin(), own.values.end(), own.bias);
  }

  TempDir folder_;
  std::string path_ = folder_.file("model.safetensors");
  ModelCard card_;
};

TEST_F(ExplainerTest, ProbabilitiesAreThoseOfTheClassification) {
  card_.temperature = 1.5;
  for (const char* strand : {"both", "forward"}) {
    card_.strand = strand;
    Explainer own = explainer();
    Predictor predictor(path_, {});
    for (const std::int64_t length : {2, 9, 17, 18, 60}) {
      const std::vector<std::string> records{random_bases(length, 1)};
      const auto expected = predictor.predict(records).front().probabilities;
      const auto actual = own.logits(records).front().probabilities;
      ASSERT_EQ(actual.size(), expected.size());
      for (std::size_t c = 0; c < actual.size(); ++c) EXPECT_NEAR(actual[c], expected[c], 1e-5);
    }
  }
}

TEST_F(ExplainerTest, ExactAttributionsAddUpForAnyLengthAndStrand) {
  for (const ExplainedStrand strand :
       {ExplainedStrand::kModel, ExplainedStrand::kForward, ExplainedStrand::kReverse}) {
    Explainer own = explainer({.strand = strand});
    for (const std::int64_t length : {2, 16, 17, 18, 60}) {
      const std::string bases = random_bases(length, 3);
      const Attribution exact = attribution(own, bases);
      EXPECT_EQ(std::ssize(exact.values), length);
      EXPECT_NEAR(exact.logit, logits(own, bases).logits[0], 1e-5);
      EXPECT_NEAR(sum_of(exact), exact.logit, 1e-4 * std::abs(exact.logit) + 1e-6);
      EXPECT_NEAR(exact.gap, 0.0, 1e-4 * std::abs(exact.logit) + 1e-6);
      EXPECT_HAS(exact.method, "exact");
    }
  }
}

TEST_F(ExplainerTest, TheReverseStrandIsExplainedInTheRecordsCoordinates) {
  Explainer forward = explainer({.strand = ExplainedStrand::kForward});
  Explainer reverse = explainer({.strand = ExplainedStrand::kReverse});
  const std::string bases = random_bases(14, 1);
  auto mirrored = attribution(forward, reverse_complement(bases)).values;
  std::reverse(mirrored.begin(), mirrored.end());
  EXPECT_EQ(attribution(reverse, bases).values, mirrored);
}

TEST_F(ExplainerTest, PaddingOfAFixedLengthGoesToTheBias) {
  card_.config.length = LengthKind::kFixed;
  card_.config.position = PositionKind::kLearned;
  card_.config.pooling = Pooling::kFlatten;
  Explainer own = explainer();
  const Attribution exact = attribution(own, random_bases(9, 1));
  EXPECT_EQ(exact.values.size(), 9U);
  EXPECT_NEAR(sum_of(exact), exact.logit, 1e-4 * std::abs(exact.logit) + 1e-6);
  EXPECT_HAS(exact.method, "padding");
}

TEST_F(ExplainerTest, DifferencesOfTwoClassesCanBeExplained) {
  Explainer own = explainer();
  const std::string bases = random_bases(15, 2);
  const auto answer = logits(own, bases).logits;
  const Attribution difference = attribution(own, bases, AttributionMethod::kExact, {2, 0});
  EXPECT_NEAR(difference.logit, answer[2] - answer[0], 1e-5);
  EXPECT_NEAR(sum_of(difference), difference.logit, 1e-4 * std::abs(difference.logit) + 1e-6);
}

TEST_F(ExplainerTest, AttributionsTellWhatTheModelSaysAndFindTheMostProbableClass) {
  card_.temperature = 1.5;
  for (const int blocks : {1, 2}) {
    card_.config.blocks = blocks;
    Explainer own = explainer({.steps = 3});
    for (const std::int64_t length : {9, 17, 18, 60}) {
      const std::string bases = random_bases(length, 5);
      const RecordLogits expected = logits(own, bases);
      const std::int64_t best = expected.most_probable();
      EXPECT_EQ(expected.probabilities[static_cast<std::size_t>(best)],
                *std::max_element(expected.probabilities.begin(), expected.probabilities.end()));
      const Attribution found = attribution(own, bases, AttributionMethod::kAuto, {-1, -1});
      EXPECT_NEAR(found.logit, expected.logits[static_cast<std::size_t>(best)], 1e-5);
      EXPECT_EQ(found.values, attribution(own, bases, AttributionMethod::kAuto, {best, -1}).values);
      for (std::size_t c = 0; c < expected.logits.size(); ++c) {
        EXPECT_NEAR(found.answer.logits[c], expected.logits[c], 1e-5);
        EXPECT_NEAR(found.answer.probabilities[c], expected.probabilities[c], 1e-5);
      }
    }
  }
}

TEST_F(ExplainerTest, DeepModelsGetIntegratedGradientsWithTheirGap) {
  card_.config.blocks = 2;
  Explainer own = explainer({.steps = 100});
  const std::string bases = random_bases(15, 2);
  const Attribution path = attribution(own, bases);
  EXPECT_HAS(path.method, "integrated gradients (100 steps");
  EXPECT_NEAR(sum_of(path) + path.gap, path.logit, 1e-5);
  EXPECT_LT(std::abs(path.gap), 0.05 * std::abs(path.logit - path.bias) + 1e-3);
  const std::string message =
      message_of([&] { attribution(own, bases, AttributionMethod::kExact); });
  EXPECT_HAS(message, "needs a model of one block; this one has 2");
  EXPECT_HAS(message, "integrated gradients");
}

TEST_F(ExplainerTest, MutationsAreTheDifferencesOfTwoAnswers) {
  for (const int blocks : {1, 2}) {
    card_.config.blocks = blocks;
    Explainer own = explainer({.batch_size = 3});
    for (const std::int64_t length : {2, 15, 40}) {
      const std::string bases = random_bases(length, 4);
      const std::int64_t begin = length / 3;
      const auto changes = own.mutate(bases, {begin, length - begin}, {1, 2});
      ASSERT_EQ(std::ssize(changes), 3 * (length - begin));
      for (std::size_t c = 0; c < changes.size(); c += 5) {
        std::string changed = bases;
        changed[static_cast<std::size_t>(changes[c].position)] = changes[c].to;
        const auto before = logits(own, bases).logits;
        const auto after = logits(own, changed).logits;
        EXPECT_EQ(changes[c].from, bases[static_cast<std::size_t>(changes[c].position)]);
        EXPECT_NE(changes[c].from, changes[c].to);
        EXPECT_NEAR(changes[c].effect, after[1] - after[2] - before[1] + before[2], 2e-5);
      }
    }
  }
}

TEST_F(ExplainerTest, AmbiguousBasesAreReplacedByAllFour) {
  Explainer own = explainer();
  EXPECT_EQ(own.mutate("ACNGT", {2, 1}, {0, -1}).size(), 4U);
}

TEST_F(ExplainerTest, LinksComeFromTablesOfBothStrands) {
  Explainer own = explainer();
  ASSERT_TRUE(own.folds());
  const auto tables = own.tables();
  const std::string bases = random_bases(10, 1);
  for (const ExplainedStrand strand : {ExplainedStrand::kForward, ExplainedStrand::kReverse}) {
    const auto links = own.links(bases, strand);
    const auto tokens = own.tokenizer().encode(
        strand == ExplainedStrand::kReverse ? reverse_complement(bases) : bases);
    ASSERT_EQ(links->shape().length, 9);
    for_each_link(*links, {.end = 9}, [&](const Link& link) {
      if (link.merged > 1 || link.offset != 1) return;
      // Offset 1 is link 1 of the chord protocol.
      const auto row = static_cast<std::size_t>(tokens[static_cast<std::size_t>(link.source)]);
      EXPECT_EQ(link.weight, tables->weights[static_cast<std::size_t>(link.factor)]
                                            [row * static_cast<std::size_t>(tables->links) + 1]);
    });
  }
}

TEST_F(ExplainerTest, TablesOfModelsWithoutThemAreRefused) {
  card_.config.length = LengthKind::kFixed;
  card_.config.position = PositionKind::kLearned;
  Explainer own = explainer();
  EXPECT_FALSE(own.folds());
  EXPECT_HAS(message_of([&] { own.tables(); }), "there is no table");
  EXPECT_NO_THROW(own.links("ACGTACGT", ExplainedStrand::kForward));
}

TEST_F(ExplainerTest, BlocksAndWindowsThatDoNotExistAreRefused) {
  Explainer own = explainer();
  EXPECT_HAS(message_of([&] { own.tables(1); }), "block 2 does not exist; the model has 1");
  EXPECT_HAS(message_of([&] { own.links(random_bases(18, 1), ExplainedStrand::kForward); }),
             "17 bases at a time, not 18");
  EXPECT_HAS(message_of([&] { explainer({.window = 1}); }), "at least 2");
  EXPECT_HAS(message_of([&] { explainer({.steps = 0}); }), "steps must be 1");
  EXPECT_HAS(message_of([&] { explainer({.batch_size = 0}); }), "batch size");
}

TEST_F(ExplainerTest, RecordsThatCannotBeClassifiedAreRefused) {
  Explainer own = explainer();
  EXPECT_HAS(message_of([&] { attribution(own, ""); }), "too short: 0 bases, the model needs 2");
  EXPECT_HAS(message_of([&] { attribution(own, "A"); }), "too short");
  EXPECT_HAS(message_of([&] { attribution(own, "AC-GT"); }), "invalid letter '-' at position 3");
}

TEST_F(ExplainerTest, RecordsWithoutEvidenceAreRefusedByTheCheck) {
  Explainer own = explainer();
  EXPECT_HAS(message_of([&] { own.check("NNNN"); }), "no evidence: 4 of 4 bases unknown");
  EXPECT_HAS(message_of([&] { own.check("ACG" + std::string(30, 'N')); }),
             "no evidence: 30 of 33 bases unknown");
  own.check(random_bases(17, 1) + std::string(34, 'N'));
  ExplainerOptions options;
  options.max_unknown = 0.2;
  Explainer strict = explainer(options);
  strict.check("ACGTNNACGT");
  EXPECT_HAS(message_of([&] { strict.check("ACGNNNACGT"); }), "no evidence: 3 of 10");
}

TEST_F(ExplainerTest, WindowsWithoutEvidenceCountForNothing) {
  Explainer own = explainer();
  Predictor predictor(path_, {});
  const std::string known = random_bases(17, 1) + random_bases(17, 2);
  const std::string record = known.substr(0, 17) + std::string(34, 'N') + known.substr(17);
  const RecordLogits answer = logits(own, record);
  EXPECT_EQ(answer.logits, logits(own, known).logits);
  const auto probabilities = predictor.predict(std::vector{record}).front().probabilities;
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    EXPECT_NEAR(answer.probabilities[c], probabilities[c], 1e-6);
  }
  const Attribution explained = attribution(own, record);
  EXPECT_NEAR(sum_of(explained), explained.logit, 1e-4);
  for (std::size_t i = 17; i < 51; ++i) EXPECT_EQ(explained.values[i], 0.0F) << i;
}

TEST_F(ExplainerTest, ADisturbedRecordMayLoseItsEvidence) {
  Explainer own = explainer();
  EXPECT_EQ(logits(own, "NNNNNNNNNN").logits.size(), 3U);
}

TEST_F(ExplainerTest, ThreadsAndBatchesDoNotChangeALogit) {
  for (const Pooling pooling : {Pooling::kMean, Pooling::kAttention, Pooling::kMax}) {
    card_.config.pooling = pooling;
    save();
    const std::string record = random_bases(100, 1);
    ExplainerOptions options;
    options.batch_size = 1;
    Explainer one(path_, options);
    const RecordLogits expected = logits(one, record);
    const double explained = attribution(one, record).logit;
    for (const int threads : {2, 3}) {
      set_compute_threads(threads);
      options.batch_size = 5;
      Explainer other(path_, options);
      EXPECT_EQ(logits(other, record).logits, expected.logits);
      EXPECT_EQ(logits(other, record).probabilities, expected.probabilities);
      EXPECT_EQ(attribution(other, record).logit, explained);
    }
    set_compute_threads(1);
  }
}

TEST_F(ExplainerTest, ClassesAreFoundByName) {
  Explainer own = explainer();
  EXPECT_EQ(own.class_number("c"), 2);
  EXPECT_HAS(message_of([&] { own.class_number("d"); }), "no class 'd'; its classes are a, b, c");
}

TEST_F(ExplainerTest, ModelsThatDoNotClassifyDnaAreRefused) {
  card_.config.input = InputKind::kTokens;
  EXPECT_HAS(message_of([&] { explainer(); }), "only models that classify DNA");
}

}  // namespace
}  // namespace paramixer
