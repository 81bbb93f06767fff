#pragma once

#include <vector>

#include "app/cli/command_options.hpp"
#include "app/services/training/recipe_choice.hpp"

namespace paramixer {

/// Adds --recipe, --config and one option for every setting that a user may change.
void add_setting_options(CommandOptions& options);

/// The resulting settings: the recipe's, overridden by the --config file (`{"model": {...},
/// "training": {...}}`), overridden by single options. More than one for `--recipe auto`: every
/// recipe that allows the given settings. Throws Error naming the option, key or file that is
/// wrong.
std::vector<TrainCandidate> settings_from(const ParsedOptions& parsed);

}  // namespace paramixer
