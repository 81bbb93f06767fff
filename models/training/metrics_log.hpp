#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "core/metrics/classification_metrics.hpp"

namespace paramixer {

/// One line of a training curve.
struct MetricsRow {
  std::int64_t step = 0;
  double epochs = 0.0;
  double seconds = 0.0;
  double learning_rate = 0.0;
  std::int64_t length = 0;   ///< Longest window in use, in bases.
  std::int64_t factors = 0;  ///< Factors in use.
  double train_loss = 0.0;
  double train_accuracy = 0.0;
};

/// A training curve as CSV with a header line, one row per validation, flushed after each.
class MetricsLog {
 public:
  /// Empty path: writes nothing. `resume_step` > 0 keeps the rows of an existing file up to that
  /// step and appends.
  MetricsLog(const std::string& path, std::int64_t resume_step);

  /// Throws Error when the row cannot be written.
  void write(const MetricsRow& row, const ClassificationMetrics& valid);

 private:
  std::string path_;
  std::ofstream stream_;
};

}  // namespace paramixer
