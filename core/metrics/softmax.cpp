#include "core/metrics/softmax.hpp"

#include <algorithm>
#include <cmath>

namespace paramixer {

std::vector<double> softmax(std::span<const double> logits, double temperature) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> probabilities;
  double total = 0.0;
  for (const double logit : logits) {
    probabilities.push_back(std::exp((logit - largest) / temperature));
    total += probabilities.back();
  }
  for (double& value : probabilities) value /= total;
  return probabilities;
}

}  // namespace paramixer
