#pragma once

#include <string>

#include "app/cli/command_options.hpp"
#include "app/cli/terminal_progress.hpp"
#include "app/services/records/input_records.hpp"
#include "app/services/records/unlabelled_records.hpp"
#include "io/labels/label_table.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

/// Options shared by several commands: each `add_` function declares a group, and the function
/// after it reads the values.

void add_input_options(CommandOptions& options);
InputOptions input_options_from(const ParsedOptions& parsed);

void add_predictor_options(CommandOptions& options);
PredictorOptions predictor_options_from(const ParsedOptions& parsed, const std::string& device);

/// --max-unknown, for commands that do not use the whole group.
void add_max_unknown_option(OptionGroup& group);
double max_unknown_from(const ParsedOptions& parsed);

void add_label_options(OptionGroup& group);
LabelTableOptions label_options_from(const ParsedOptions& parsed);
UnlabelledRecords unlabelled_records_from(const ParsedOptions& parsed);

/// --threads and --quiet, for commands that compute on the CPU only.
void add_cpu_options(CommandOptions& options);
/// --threads, --device and --quiet.
void add_machine_options(CommandOptions& options);
Verbosity verbosity_from(const ParsedOptions& parsed);
/// Sets the number of threads and chooses the device, which is reported in one line. Call once,
/// before the first model. Returns the device's name.
std::string prepare_machine(const ParsedOptions& parsed, TerminalProgress& progress);

}  // namespace paramixer
