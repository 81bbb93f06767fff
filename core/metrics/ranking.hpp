#pragma once

#include <limits>
#include <span>
#include <vector>

namespace paramixer {

/// Value of a metric that is undefined for the records, such as an area with one empty side.
inline constexpr double kUndefinedMetric = std::numeric_limits<double>::quiet_NaN();

/// Area under the ROC curve by the rank statistic; ties count half. NaN when one side is empty.
/// O(n log n). Throws Error when the sizes disagree. Scores must not be NaN.
double roc_auc(std::span<const double> scores, const std::vector<bool>& positive);

/// Average precision (step-wise area under the precision-recall curve, equal scores taken
/// together). NaN when nothing is positive. O(n log n). Throws Error when the sizes disagree.
/// Scores must not be NaN.
double pr_auc(std::span<const double> scores, const std::vector<bool>& positive);

}  // namespace paramixer
