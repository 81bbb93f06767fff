#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/config/model_config.hpp"

namespace paramixer {

using WeightShapes = std::map<std::string, std::vector<std::int64_t>>;

/// Name and shape of every weight of a model, with the published name if the published code has the
/// weight.
WeightShapes weight_shapes(const ModelConfig& config);

/// Weights that the published code creates whether or not the model uses them: the position table,
/// and the token table of a model with real-valued input.
WeightShapes unused_published_shapes(const ModelConfig& config);

/// "[6, 32]"
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace paramixer
