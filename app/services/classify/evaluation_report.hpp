#pragma once

#include <string>

#include "app/services/classify/evaluate.hpp"

namespace paramixer {

/// The report for people: figures, a table of the classes and, up to 40 classes, the confusion
/// matrix. Ends with a line break.
std::string evaluation_text(const EvaluationReport& report);

/// The report for programs: one JSON object with `records`, `rejected`, `unlabelled`, `metrics`,
/// `per_class` and `confusion` (rows: true class). Figures that do not exist are null.
std::string evaluation_json(const EvaluationReport& report);

}  // namespace paramixer
