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

/// The settings that were given: the architecture's defaults, over them the --config file
/// (`{"model": {...}, "training": {...}}`), over it the single options. Throws Error naming the
/// option, key or file that is wrong.
TrainSettings settings_from(const ParsedOptions& parsed);

}  // namespace paramixer
