#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paramixer {

/// One row of a training curve, from the metrics log of `train`.
struct CurvePoint {
  std::int64_t step = 0;
  std::int64_t length = 0;  ///< Longest window in use, in bases.
  double train_loss = 0.0;
  double train_accuracy = 0.0;
  double valid_log_loss = 0.0;
  double valid_accuracy = 0.0;
  double valid_balanced_accuracy = 0.0;
  double valid_macro_f1 = 0.0;
};

/// A training curve, in the order of steps.
struct MetricsCurve {
  std::string file;
  std::vector<CurvePoint> points{};
};

/// Reads a metrics log. Throws Error with the line for any other file, for a missing column and for
/// a field that is not a number.
MetricsCurve read_metrics_curve(const std::string& path);

}  // namespace paramixer
