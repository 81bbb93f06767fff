#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/metrics/ranking.hpp"

namespace paramixer {

/// Predicted class probabilities of labelled records, row-major [records, classes].
struct ScoredLabels {
  std::int64_t classes = 0;
  std::vector<float> probabilities;  ///< [records * classes]
  std::vector<std::int32_t> labels;  ///< [records], true class in [0, classes).
  /// True classes of the records without an answer.
  std::vector<std::int32_t> unanswered{};

  std::int64_t records() const noexcept { return static_cast<std::int64_t>(labels.size()); }
};

/// Counts of true class (row) against predicted class (column), row-major [classes, classes].
struct ConfusionMatrix {
  std::int64_t classes = 0;
  std::vector<std::int64_t> counts;

  std::int64_t at(std::int64_t truth, std::int64_t predicted) const {
    return counts[static_cast<std::size_t>(truth * classes + predicted)];
  }
};

struct ClassMetrics {
  std::int64_t support = 0;  ///< Records of this class.
  double precision = 0.0;    ///< 0 when the class was never predicted.
  double recall = 0.0;
  double f1 = 0.0;
  double roc_auc =
      0.0;  ///< One against the rest, from scores. NaN when the class or the rest has no record.
  double pr_auc = 0.0;  ///< Average precision. NaN when the class has no record.
};

/// Every figure is over the classes that have at least one record; ties in the arg max go to the
/// lower class index. A record without an answer is an error in accuracy, recall, F1, MCC and hard
/// ROC-AUC; it enters neither the figures computed from probabilities nor the confusion matrix.
struct ClassificationMetrics {
  std::int64_t records = 0;  ///< Including those without an answer.
  double accuracy = 0.0;
  double balanced_accuracy = 0.0;  ///< Mean recall.
  double macro_f1 = 0.0;
  double mcc = 0.0;  ///< Matthews correlation, multi-class (R_K).
  double roc_auc_macro = 0.0;
  double roc_auc_weighted = 0.0;  ///< Weighted by support.
  double pr_auc_macro = 0.0;
  double pr_auc_weighted = 0.0;
  double hard_roc_auc =
      0.0;  ///< ROC-AUC of 0/1 predictions, as the published code reports it; macro average.
  double log_loss = 0.0;  ///< Mean -log p(true class), p clipped to [1e-15, 1].
  double ece = 0.0;  ///< Expected calibration error, 15 equal-width bins of the top probability.
  ConfusionMatrix confusion;
  std::vector<ClassMetrics> per_class;
};

/// Throws Error when there is no record, sizes disagree, a label is out of range or a probability
/// is not finite.
ClassificationMetrics compute_metrics(const ScoredLabels& scored);

/// Natural-log entropy of a distribution, in nats.
double entropy(std::span<const float> probabilities);

}  // namespace paramixer
