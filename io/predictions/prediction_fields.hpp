#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/prediction.hpp"

namespace paramixer {

/// What every format says about a record: one set of rules for TSV, JSONL and BAM.

/// Class that is reported: the best one, or `unclassified` below the confidence and without
/// evidence. Throws Error when the prediction does not fit the classes.
std::string_view reported_class(const Prediction& prediction,
                                const std::vector<std::string>& classes);

/// Name of the second class; empty for a model with one class.
std::string_view second_class(const Prediction& prediction,
                              const std::vector<std::string>& classes);

/// Whether there is a class to report: true for all records except rejected ones.
bool has_class(const Prediction& prediction);

/// `ok`, or why the record has no answer.
std::string_view status_text(const Prediction& prediction);

/// Adds a number with 6 significant digits, the same in every locale.
void append_number(std::string& text, float value);

/// Adds `value` with its tabs and other control characters turned into spaces.
void append_field(std::string& text, std::string_view value);

}  // namespace paramixer
