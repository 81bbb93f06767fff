#pragma once

#include <cstdint>
#include <vector>

#include "core/metrics/calibration.hpp"
#include "core/metrics/classification_metrics.hpp"
#include "models/network/paramixer.hpp"
#include "models/training/batch_sampler.hpp"

namespace paramixer {

/// A fixed set of windows of the validation records, drawn once from the run's seed in the same way
/// as training windows, classes in turn. Whole records if training uses whole records.
class ValidationSet {
 public:
  /// Windows of at most `length` bases. Throws Error when no record fits, and naming a record that
  /// is shorter than a token or holds an invalid letter.
  ValidationSet(const TrainingData& data, const ModelConfig& model, const TrainConfig& config,
                std::int64_t length);

  /// Metrics of the model (put into evaluation mode and back into training mode).
  ClassificationMetrics evaluate(Paramixer& model, const torch::Device& device) const;
  /// Their logits, for calibration.
  LabelledLogits logits(Paramixer& model, const torch::Device& device) const;
  std::int64_t windows() const noexcept { return windows_; }

 private:
  std::vector<LabelledBatch> batches_;
  std::int64_t classes_;
  std::int64_t windows_ = 0;
};

/// Value of the selection metric, larger is better (log loss is negated).
double selection_value(const ClassificationMetrics& metrics, SelectMetric select);

}  // namespace paramixer
