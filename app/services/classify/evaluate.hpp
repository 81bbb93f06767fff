#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/records/input_records.hpp"
#include "app/services/records/unlabelled_records.hpp"
#include "core/base/enum_names.hpp"
#include "core/metrics/classification_metrics.hpp"
#include "io/labels/label_table.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

/// What to do with a record whose class the model lacks.
enum class UnknownClasses { kError, kSkip };

template <>
struct EnumNames<UnknownClasses> {
  static constexpr const char* kWhat = "value of --unknown-classes";
  static constexpr EnumName<UnknownClasses> kTable[] = {{UnknownClasses::kError, "error"},
                                                        {UnknownClasses::kSkip, "skip"}};
};

struct EvaluateOptions {
  std::string model;
  std::string labels{};  ///< Label table; without it see find_labels().
  LabelTableOptions columns{};
  std::string class_from_header{};  ///< LabelOptions::header_pattern.
  UnlabelledRecords unlabelled = UnlabelledRecords::kError;
  UnknownClasses unknown_classes = UnknownClasses::kError;
  InputOptions input{};
  PredictorOptions predictor{};
};

struct EvaluationReport {
  std::vector<std::string> classes{};  ///< In the model's order, as in `metrics`.
  ClassificationMetrics metrics{};     ///< Over all labelled records except rejected ones.
  std::int64_t no_evidence = 0;    ///< Unclassified records among them; each counts as an error.
  std::int64_t rejected = 0;       ///< Labelled or damaged records without an answer; in no figure.
  std::int64_t unlabelled = 0;     ///< Skipped records.
  std::int64_t unknown_class = 0;  ///< Skipped records whose class the model lacks.
  std::int64_t bases = 0;
  InputNotes notes{};
  double seconds = 0.0;
};

/// Classifies labelled records and compares the answers with the labels. A record without a label
/// is an error that names it, or is skipped; a label that the model does not know is an error.
/// Keeps one probability per class and record in memory. Throws Error, also when no record is left
/// to evaluate.
EvaluationReport evaluate(const EvaluateOptions& options, const ServiceCallbacks& callbacks = {},
                          std::stop_token stop = {});

}  // namespace paramixer
