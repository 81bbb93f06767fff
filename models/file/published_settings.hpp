#pragma once

#include <string>

#include "models/config/model_config.hpp"

namespace paramixer {

/// Translates the published code's settings (JSON) into a ModelConfig without class names or
/// alphabet. Families: `genome` and `lra` use M = ceil(log2 N), `synthetic` uses floor(log2 N) and
/// hidden size E. Throws Error naming a missing or unknown setting.
ModelConfig config_from_published(const std::string& json);

/// The reverse. Throws Error naming every part of the model that the published code does not have.
std::string published_from_config(const ModelConfig& config);

}  // namespace paramixer
