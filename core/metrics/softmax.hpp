#pragma once

#include <span>
#include <vector>

namespace paramixer {

/// Probabilities of classes: exp(logit / temperature), scaled to the sum 1. NaN everywhere when a
/// logit is NaN. Requires at least one logit.
std::vector<double> softmax(std::span<const double> logits, double temperature);

}  // namespace paramixer
