#include "core/metrics/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/metrics/softmax.hpp"

namespace paramixer {
namespace {

std::span<const double> row_of(const LabelledLogits& scored, std::int64_t record) {
  const auto classes = static_cast<std::size_t>(scored.classes);
  return std::span(scored.logits).subspan(static_cast<std::size_t>(record) * classes, classes);
}

double mean_log_loss(const LabelledLogits& scored, double temperature) {
  double sum = 0.0;
  for (std::int64_t r = 0; r < scored.records(); ++r) {
    const std::span<const double> logits = row_of(scored, r);
    const double most = *std::max_element(logits.begin(), logits.end());
    double total = 0.0;
    for (const double logit : logits) total += std::exp((logit - most) / temperature);
    const auto label = static_cast<std::size_t>(scored.labels[static_cast<std::size_t>(r)]);
    sum += std::log(total) - (logits[label] - most) / temperature;
  }
  return sum / static_cast<double>(scored.records());
}

}  // namespace

double fit_temperature(const LabelledLogits& scored) {
  if (scored.records() == 0) return 1.0;
  // The loss is convex in 1/T, so it has one minimum in log T: golden sections close in on it.
  const double ratio = (std::sqrt(5.0) - 1.0) / 2.0;
  double low = std::log(0.05);
  double high = std::log(20.0);
  while (high - low > 1e-4) {
    const double left = high - ratio * (high - low);
    const double right = low + ratio * (high - low);
    if (mean_log_loss(scored, std::exp(left)) <= mean_log_loss(scored, std::exp(right))) {
      high = right;
    } else {
      low = left;
    }
  }
  return std::exp((low + high) / 2.0);
}

double novelty_that_keeps(const LabelledLogits& scored, double kept) {
  if (scored.records() == 0) return 1.0;
  std::vector<double> novelties;
  for (std::int64_t r = 0; r < scored.records(); ++r) {
    const std::vector<double> probabilities = softmax(row_of(scored, r), 1.0);
    novelties.push_back(1.0 - *std::max_element(probabilities.begin(), probabilities.end()));
  }
  std::sort(novelties.begin(), novelties.end());
  const double count = std::ceil(kept * static_cast<double>(novelties.size()));
  return novelties[static_cast<std::size_t>(std::max(1.0, count)) - 1];
}

}  // namespace paramixer
