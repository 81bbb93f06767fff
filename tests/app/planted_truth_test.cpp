#include <cmath>
#include <gtest/gtest.h>
#include <map>

#include "core/explain/receptive_field.hpp"
#include "core/metrics/ranking.hpp"
#include "core/simulate/motif.hpp"
#include "models/explainer.hpp"

// The shipped model `motif` on unseen records of its task, whose planted motifs are known.
// RESULTS.md has the whole experiment. The model tells the classes by the presence of A2 and of B2
// alone: A1 and B1 are where those are not. So these are the bases that a faithful attribution must
// find.

namespace paramixer {
namespace {

class PlantedTruth : public testing::Test {
 protected:
  static const PlantedMotif* find(const SimulatedRecord& record, const std::string& name) {
    for (const PlantedMotif& motif : record.planted) {
      if (motif.name == name) return &motif;
    }
    return nullptr;
  }

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
      std::vector<double> scores;
      std::vector<bool> planted;
      for (std::int64_t i = 0; i < std::ssize(values); ++i) {
        scores.push_back(std::abs(values[static_cast<std::size_t>(i)]));
        planted.push_back(i >= motif.start && i < motif.end);
      }
      areas[motif.name].push_back(roc_auc(scores, planted));
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
    const auto links = explainer_.links(record.sequence, ExplainedStrand::kForward);
    FactorProduct product(*links, explainer_.pool());
    // The largest entry of the first motif's rows for every input outside of its neighbourhood.
    std::vector<double> strongest(static_cast<std::size_t>(links->shape().length), 0.0);
    for (std::int64_t p = first->start; p + 4 <= first->end; ++p) {
      const auto row = receptive_field_row(product, p, Residual::kKeep);
      for (std::size_t j = 0; j < row.size(); ++j) {
        strongest[j] = std::max(strongest[j], static_cast<double>(std::abs(row[j])));
      }
    }
    std::vector<double> scores;
    std::vector<bool> planted;
    for (std::int64_t j = 0; j < std::ssize(strongest); ++j) {
      if (j >= first->start - 20 && j < first->end + 20) continue;
      scores.push_back(strongest[static_cast<std::size_t>(j)]);
      planted.push_back(j >= second->start && j + 4 <= second->end);
    }
    EXPECT_GE(roc_auc(scores, planted), 0.97) << record.name;
  }
  EXPECT_GE(seen, 2);
}

}  // namespace
}  // namespace paramixer
