#include <cmath>
#include <gtest/gtest.h>
#include <map>

#include "app/services/training/simulate_motif.hpp"
#include "app/services/training/train.hpp"
#include "core/explain/receptive_field.hpp"
#include "core/metrics/ranking.hpp"
#include "models/explain/explainer.hpp"
#include "models/network/device.hpp"
#include "tests/io/files/test_files.hpp"

// Records whose planted motifs are known and that no training has seen; docs/results has the whole
// experiments.

namespace paramixer {
namespace {

constexpr std::int64_t kTokenBases = 4;  // For both models.

const PlantedMotif* find(const SimulatedRecord& record, const std::string& name) {
  for (const PlantedMotif& motif : record.planted) {
    if (motif.name == name) return &motif;
  }
  return nullptr;
}

/// Area under the ROC curve of |value| for the bases of a motif against all others.
double attribution_area(const std::vector<float>& values, const PlantedMotif& motif) {
  std::vector<double> scores;
  std::vector<bool> planted;
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    scores.push_back(std::abs(values[static_cast<std::size_t>(i)]));
    planted.push_back(i >= motif.start && i < motif.end);
  }
  return roc_auc(scores, planted);
}

/// The same for the tokens of the second motif and what the tokens of the first one take from every
/// input outside of their neighbourhood: the largest entry of their rows.
double receptive_field_area(Explainer& explainer, const SimulatedRecord& record,
                            const PlantedMotif& first, const PlantedMotif& second) {
  const auto links = explainer.links(record.sequence, ExplainedStrand::kForward);
  FactorProduct product(*links, explainer.pool());
  std::vector<double> strongest(static_cast<std::size_t>(links->shape().length), 0.0);
  for (std::int64_t p = first.start; p + kTokenBases <= first.end; ++p) {
    const auto row = receptive_field_row(product, p, Residual::kKeep);
    for (std::size_t j = 0; j < row.size(); ++j) {
      strongest[j] = std::max(strongest[j], static_cast<double>(std::abs(row[j])));
    }
  }
  std::vector<double> scores;
  std::vector<bool> planted;
  for (std::int64_t j = 0; j < std::ssize(strongest); ++j) {
    if (j >= first.start - 20 && j < first.end + 20) continue;
    scores.push_back(strongest[static_cast<std::size_t>(j)]);
    planted.push_back(j >= second.start && j + kTokenBases <= second.end);
  }
  return roc_auc(scores, planted);
}

// The shipped model recognises the classes by the presence of A2 and B2 alone, as A1 and B1 are
// present exactly where those are not. A faithful attribution must find A2 and B2.
class PlantedTruth : public testing::Test {
 protected:
  const MotifSimulator simulator_{{.kind = MotifKind::kPair, .length = 4096, .records_seed = 99}};
  Explainer explainer_{PARAMIXER_SHARE "/models/motif.safetensors", {}};
};

TEST_F(PlantedTruth, AttributionsFindTheMotifsThatTheModelReads) {
  std::map<std::string, std::vector<double>> areas;
  for (std::int64_t r = 0; r < 12; ++r) {
    const SimulatedRecord record = simulator_.record(r);
    const auto values =
        explainer_.attribute(record.sequence, {0, 1}, AttributionMethod::kExact).values;
    for (const PlantedMotif& motif : record.planted) {
      areas[motif.name].push_back(attribution_area(values, motif));
    }
  }
  for (const char* name : {"A2", "B2"}) {
    double sum = 0.0;
    for (const double area : areas[name]) sum += area;
    EXPECT_GE(sum / static_cast<double>(areas[name].size()), 0.95) << name;
  }
}

TEST_F(PlantedTruth, TheStrongestEntriesOfTheReceptiveFieldConnectTheMotifs) {
  std::int64_t seen = 0;
  for (std::int64_t r = 0; r < 12; ++r) {
    const SimulatedRecord record = simulator_.record(r);
    const PlantedMotif* first = find(record, "A2");
    const PlantedMotif* second = find(record, "B2");
    if (first == nullptr || second == nullptr) continue;
    ++seen;
    EXPECT_GE(receptive_field_area(explainer_, record, *first, *second), 0.97) << record.name;
  }
  EXPECT_GE(seen, 2);
}

// Learns here which of two motifs comes first. With a linear boundary the links of `chord` reach to
// the right only, so the first motif takes in the second, whose bases are the evidence.
class PlantedOrder : public testing::Test {
 protected:
  void SetUp() override {
    // For steps this small, a second thread costs more than it gains.
    set_compute_threads(1);
    simulate_motif({.task = task_, .count = 3000, .prefix = folder_.file("train")});
    TrainOptions options{.records = {.sequences = {folder_.file("train.fa")}},
                         .labels = folder_.file("train.tsv"),
                         .output = model_};
    options.model.tokens.k = kTokenBases;
    options.model.max_length = task_.length;
    options.model.boundary = Boundary::kLinear;
    options.model.pooling = Pooling::kMax;
    options.training.learning_rate = 2e-3;
    options.training.batch_size = 64;
    options.training.crop = CropKind::kNone;
    options.training.link_start = LinkStart::kFullSize;
    options.training.reverse_complement = 0.0;
    options.training.error_share = 0.0;
    options.training.steps = 200;
    train(options);
  }

  test::TempDir folder_;
  std::string model_ = folder_.file("order.safetensors");
  const MotifTask task_{.kind = MotifKind::kOrder, .length = 128};
};

TEST_F(PlantedOrder, IsFoundByAttributionsAndConnectedByReceptiveFields) {
  MotifTask unseen = task_;
  unseen.records_seed = 9;
  const MotifSimulator simulator(unseen);
  Explainer explainer(model_, {});
  constexpr std::int64_t kRecords = 20;
  std::int64_t right = 0;
  double evidence = 0.0;
  double connection = 0.0;
  for (std::int64_t r = 0; r < kRecords; ++r) {
    const SimulatedRecord record = simulator.record(r);
    const PlantedMotif& first = record.planted.at(0);
    const PlantedMotif& second = record.planted.at(1);
    ASSERT_LT(first.start, second.start);
    const Attribution found =
        explainer.attribute(record.sequence, {0, 1}, AttributionMethod::kExact);
    right += found.answer.most_probable() == record.label ? 1 : 0;
    evidence += attribution_area(found.values, second);
    connection += receptive_field_area(explainer, record, first, second);
  }
  EXPECT_GE(right, kRecords - 2);
  EXPECT_GE(evidence / kRecords, 0.9);
  EXPECT_GE(connection / kRecords, 0.8);
}

}  // namespace
}  // namespace paramixer
