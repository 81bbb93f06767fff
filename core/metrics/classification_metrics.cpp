#include "core/metrics/classification_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/metrics/ranking.hpp"

namespace paramixer {
namespace {

constexpr double kSmallestProbability = 1e-15;
constexpr int kCalibrationBins = 15;

double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

std::size_t at(const ScoredLabels& scored, std::int64_t record, std::int64_t label) {
  return static_cast<std::size_t>(record * scored.classes + label);
}

void check_labels(const std::vector<std::int32_t>& labels, std::int64_t classes) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && labels[i] < classes) continue;
    throw Error("labelled record " + std::to_string(i + 1) + " has class number " +
                std::to_string(labels[i]) + "; expected 0 to " + std::to_string(classes - 1));
  }
}

void check(const ScoredLabels& scored) {
  const std::int64_t records = scored.records();
  if (records == 0 && scored.unanswered.empty())
    throw Error("no labelled record to evaluate; give at least one");
  if (scored.classes < 1 ||
      static_cast<std::int64_t>(scored.probabilities.size()) != records * scored.classes) {
    throw Error(std::to_string(scored.probabilities.size()) + " probabilities for " +
                std::to_string(records) + " records of " + std::to_string(scored.classes) +
                " classes; expected one per record and class");
  }
  check_labels(scored.labels, scored.classes);
  check_labels(scored.unanswered, scored.classes);
  for (std::int64_t i = 0; i < records; ++i) {
    for (std::int64_t c = 0; c < scored.classes; ++c) {
      if (!std::isfinite(scored.probabilities[at(scored, i, c)])) {
        throw Error("labelled record " + std::to_string(i + 1) + " has a probability for class " +
                    std::to_string(c) + " that is not finite; check the model's weights");
      }
    }
  }
}

std::vector<std::int32_t> predictions(const ScoredLabels& scored) {
  std::vector<std::int32_t> predicted;
  predicted.reserve(scored.labels.size());
  for (std::int64_t i = 0; i < scored.records(); ++i) {
    const float* const row = &scored.probabilities[at(scored, i, 0)];
    predicted.push_back(
        static_cast<std::int32_t>(std::max_element(row, row + scored.classes) - row));
  }
  return predicted;
}

ConfusionMatrix confusion_of(const ScoredLabels& scored,
                             const std::vector<std::int32_t>& predicted) {
  ConfusionMatrix confusion;
  confusion.classes = scored.classes;
  confusion.counts.assign(static_cast<std::size_t>(scored.classes * scored.classes), 0);
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    ++confusion.counts[static_cast<std::size_t>(scored.labels[i] * scored.classes + predicted[i])];
  }
  return confusion;
}

// Records of a class, records predicted as that class, and records without a prediction.
struct Margins {
  std::vector<std::int64_t> truth;
  std::vector<std::int64_t> predicted;
  std::int64_t unanswered = 0;
};

Margins margins_of(const ConfusionMatrix& confusion, const std::vector<std::int32_t>& unanswered) {
  const auto classes = static_cast<std::size_t>(confusion.classes);
  Margins margins{std::vector<std::int64_t>(classes, 0), std::vector<std::int64_t>(classes, 0)};
  for (std::size_t i = 0; i < confusion.counts.size(); ++i) {
    margins.truth[i / classes] += confusion.counts[i];
    margins.predicted[i % classes] += confusion.counts[i];
  }
  for (const std::int32_t label : unanswered) ++margins.truth[static_cast<std::size_t>(label)];
  margins.unanswered = std::ssize(unanswered);
  return margins;
}

double correct_count(const ConfusionMatrix& confusion) {
  std::int64_t correct = 0;
  for (std::int64_t c = 0; c < confusion.classes; ++c) correct += confusion.at(c, c);
  return static_cast<double>(correct);
}

// Gorodkin's R_K; "no answer" counts as a class that is predicted but never true.
double matthews_correlation(const ConfusionMatrix& confusion, const Margins& margins,
                            double records) {
  double cross = 0.0;
  double truth_squares = 0.0;
  double predicted_squares =
      static_cast<double>(margins.unanswered) * static_cast<double>(margins.unanswered);
  for (std::size_t c = 0; c < margins.truth.size(); ++c) {
    const auto truth = static_cast<double>(margins.truth[c]);
    const auto predicted = static_cast<double>(margins.predicted[c]);
    cross += truth * predicted;
    truth_squares += truth * truth;
    predicted_squares += predicted * predicted;
  }
  const double total = records * records;
  return ratio(correct_count(confusion) * records - cross,
               std::sqrt(total - truth_squares) * std::sqrt(total - predicted_squares));
}

ClassMetrics class_metrics(const ScoredLabels& scored, std::int64_t label, double hits,
                           std::int64_t support, std::int64_t predicted) {
  std::vector<double> scores(scored.labels.size());
  std::vector<bool> positive(scored.labels.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = scored.probabilities[at(scored, static_cast<std::int64_t>(i), label)];
    positive[i] = scored.labels[i] == label;
  }
  ClassMetrics metrics;
  metrics.support = support;
  metrics.precision = ratio(hits, static_cast<double>(predicted));
  metrics.recall = ratio(hits, static_cast<double>(support));
  metrics.f1 = ratio(2.0 * hits, static_cast<double>(support + predicted));
  metrics.roc_auc = roc_auc(scores, positive);
  metrics.pr_auc = pr_auc(scores, positive);
  return metrics;
}

// Mean of a figure over the classes with records; NaN if it is defined for none.
template <typename Figure, typename Weight>
double class_mean(const std::vector<ClassMetrics>& per_class, Figure figure, Weight weight) {
  double sum = 0.0;
  double weights = 0.0;
  for (std::size_t c = 0; c < per_class.size(); ++c) {
    const double value = figure(c);
    if (per_class[c].support == 0 || std::isnan(value)) continue;
    sum += value * weight(c);
    weights += weight(c);
  }
  return weights > 0.0 ? sum / weights : kUndefinedMetric;
}

double hard_roc_auc_of(const ClassMetrics& metrics, std::int64_t predicted, std::int64_t records) {
  if (metrics.support == records) return kUndefinedMetric;
  const double hits = metrics.recall * static_cast<double>(metrics.support);
  const double false_positive_rate =
      (static_cast<double>(predicted) - hits) / static_cast<double>(records - metrics.support);
  return (metrics.recall + 1.0 - false_positive_rate) / 2.0;
}

void average_over_classes(ClassificationMetrics& metrics, const Margins& margins) {
  const auto& per_class = metrics.per_class;
  auto equal = [](std::size_t) { return 1.0; };
  auto support = [&](std::size_t c) { return static_cast<double>(per_class[c].support); };
  auto roc = [&](std::size_t c) { return per_class[c].roc_auc; };
  auto pr = [&](std::size_t c) { return per_class[c].pr_auc; };
  auto recall = [&](std::size_t c) { return per_class[c].recall; };
  auto f1 = [&](std::size_t c) { return per_class[c].f1; };
  auto hard = [&](std::size_t c) {
    return hard_roc_auc_of(per_class[c], margins.predicted[c], metrics.records);
  };
  metrics.balanced_accuracy = class_mean(per_class, recall, equal);
  metrics.macro_f1 = class_mean(per_class, f1, equal);
  metrics.roc_auc_macro = class_mean(per_class, roc, equal);
  metrics.roc_auc_weighted = class_mean(per_class, roc, support);
  metrics.pr_auc_macro = class_mean(per_class, pr, equal);
  metrics.pr_auc_weighted = class_mean(per_class, pr, support);
  metrics.hard_roc_auc = class_mean(per_class, hard, equal);
}

double log_loss_of(const ScoredLabels& scored) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < scored.records(); ++i) {
    const double p =
        scored.probabilities[at(scored, i, scored.labels[static_cast<std::size_t>(i)])];
    sum -= std::log(std::clamp(p, kSmallestProbability, 1.0));
  }
  return sum / static_cast<double>(scored.records());
}

double calibration_error(const ScoredLabels& scored, const std::vector<std::int32_t>& predicted) {
  // Sum of (correct - confidence) in every bin; its size is the bin's share of the error.
  std::array<double, kCalibrationBins> excess{};
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const double top = scored.probabilities[at(scored, static_cast<std::int64_t>(i), predicted[i])];
    const auto bin = static_cast<std::size_t>(
        std::clamp(top * kCalibrationBins, 0.0, double{kCalibrationBins - 1}));
    excess[bin] += (predicted[i] == scored.labels[i] ? 1.0 : 0.0) - top;
  }
  double sum = 0.0;
  for (const double bin : excess) sum += std::abs(bin);
  return sum / static_cast<double>(scored.records());
}

}  // namespace

ClassificationMetrics compute_metrics(const ScoredLabels& scored) {
  check(scored);
  const auto predicted = predictions(scored);

  ClassificationMetrics metrics;
  metrics.records = scored.records() + std::ssize(scored.unanswered);
  const auto records = static_cast<double>(metrics.records);
  metrics.confusion = confusion_of(scored, predicted);
  const Margins margins = margins_of(metrics.confusion, scored.unanswered);
  for (std::int64_t c = 0; c < scored.classes; ++c) {
    const auto slot = static_cast<std::size_t>(c);
    metrics.per_class.push_back(class_metrics(scored, c,
                                              static_cast<double>(metrics.confusion.at(c, c)),
                                              margins.truth[slot], margins.predicted[slot]));
  }
  average_over_classes(metrics, margins);
  metrics.accuracy = correct_count(metrics.confusion) / records;
  metrics.mcc = matthews_correlation(metrics.confusion, margins, records);
  metrics.log_loss = log_loss_of(scored);
  metrics.ece = calibration_error(scored, predicted);
  return metrics;
}

double entropy(std::span<const float> probabilities) {
  double sum = 0.0;
  for (const float p : probabilities) {
    if (p > 0.0F) sum -= double{p} * std::log(double{p});
  }
  return sum;
}

}  // namespace paramixer
