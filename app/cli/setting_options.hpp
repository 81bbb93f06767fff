#pragma once

#include "app/cli/command_options.hpp"
#include "models/config/model_config.hpp"
#include "models/training/train_config.hpp"

namespace paramixer {

/// The settings of a training run.
struct TrainSettings {
  ModelConfig model{};
  TrainConfig training{};
};

/// Adds --architecture, --config and one option for every setting that a user may change.
void add_setting_options(CommandOptions& options);

/// The resulting settings: the architecture's defaults, overridden by the --config file (`{"model":
/// {...}, "training": {...}}`), overridden by single options. Throws Error naming the option, key
/// or file that is wrong.
TrainSettings settings_from(const ParsedOptions& parsed);

}  // namespace paramixer
