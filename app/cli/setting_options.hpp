#pragma once

#include <vector>

#include "app/cli/command_options.hpp"
#include "app/services/training/recipe_choice.hpp"

namespace paramixer {

/// Adds --recipe, --config and one option for every setting that a user may change.
void add_setting_options(CommandOptions& options);

/// The settings that were given: the recipe's, over them the --config file
/// (`{"model": {...}, "training": {...}}`), over it the single options. More than one for
/// `--recipe auto`: every recipe that the given settings can be laid over. Throws Error naming the
/// option, key or file that is wrong.
std::vector<TrainCandidate> settings_from(const ParsedOptions& parsed);

}  // namespace paramixer
