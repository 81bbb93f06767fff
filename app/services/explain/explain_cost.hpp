#pragma once

#include <cstdint>
#include <string>

namespace paramixer {

/// Cost of explaining compared with classifying, in one process on one random record.
struct ExplainCost {
  double forward_ms = 0.0;      ///< Logits of the record: one forward pass.
  double attribution_ms = 0.0;  ///< Attribution of one class, forward pass included.
  double links_ms = 0.0;   ///< Reading every link of every factor once and keeping the strongest.
  std::int64_t links = 0;  ///< How many that are.

  /// Attribution in forward passes.
  double ratio() const noexcept { return attribution_ms / forward_ms; }
};

/// Measures a model file on one window of `length` bases, forward strand. Reports the best of
/// `repeats` runs. Throws Error as Explainer does.
ExplainCost measure_explain_cost(const std::string& model, std::int64_t length, int repeats);

}  // namespace paramixer
