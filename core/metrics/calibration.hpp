#pragma once

#include <cstdint>
#include <vector>

namespace paramixer {

/// Logits of labelled records, row-major [records, classes].
struct LabelledLogits {
  std::int64_t classes = 0;
  std::vector<double> logits;
  std::vector<std::int32_t> labels;  ///< [records], true class in [0, classes).

  std::int64_t records() const noexcept { return static_cast<std::int64_t>(labels.size()); }
};

/// The temperature that minimises the mean of -log p(true class) when logits are divided by it (Guo
/// et al. 2017), between 0.05 and 20. 1 without records.
double fit_temperature(const LabelledLogits& scored);

/// The novelty (one minus the largest probability, without temperature) that a share `kept` of the
/// records does not exceed; 1 without records. Requires 0 < kept < 1.
double novelty_that_keeps(const LabelledLogits& scored, double kept);

}  // namespace paramixer
