#include "core/metrics/ranking.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

// Records with equal scores, which no threshold can separate.
struct Tie {
  double positives = 0.0;
  double negatives = 0.0;
};

// Ties from the highest score to the lowest.
std::vector<Tie> ties_by_score(std::span<const double> scores, const std::vector<bool>& positive) {
  if (scores.size() != positive.size()) {
    throw Error(std::to_string(scores.size()) + " scores for " + std::to_string(positive.size()) +
                " labels; expected one per label");
  }
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });

  std::vector<Tie> ties;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || scores[order[i]] != scores[order[i - 1]]) ties.emplace_back();
    (positive[order[i]] ? ties.back().positives : ties.back().negatives) += 1.0;
  }
  return ties;
}

}  // namespace

double roc_auc(std::span<const double> scores, const std::vector<bool>& positive) {
  double positives = 0.0;
  double negatives = 0.0;
  double ordered_pairs = 0.0;
  for (const Tie& tie : ties_by_score(scores, positive)) {
    ordered_pairs += tie.negatives * (positives + tie.positives / 2.0);
    positives += tie.positives;
    negatives += tie.negatives;
  }
  const double pairs = positives * negatives;
  return pairs > 0.0 ? ordered_pairs / pairs : kUndefinedMetric;
}

double pr_auc(std::span<const double> scores, const std::vector<bool>& positive) {
  double positives = 0.0;
  double taken = 0.0;
  double area = 0.0;
  for (const Tie& tie : ties_by_score(scores, positive)) {
    positives += tie.positives;
    taken += tie.positives + tie.negatives;
    area += tie.positives * positives / taken;
  }
  return positives > 0.0 ? area / positives : kUndefinedMetric;
}

}  // namespace paramixer
