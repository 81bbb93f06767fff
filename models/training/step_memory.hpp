#pragma once

#include <cstdint>
#include <string>

#include "models/config/model_config.hpp"
#include "models/config/recompute.hpp"

namespace paramixer {

/// Upper bound of the bytes that mixing in a training step stores for its backward pass: V before
/// and after each factor of every block, as far as stored, and V within the span of factors being
/// recomputed. `positions` are those of the batch, padding included.
std::int64_t mixing_memory(const ModelConfig& config, std::int64_t positions, Recompute recompute);

/// A readable line: this amount, and the amount with the other choice.
std::string describe_mixing_memory(const ModelConfig& config, std::int64_t positions,
                                   Recompute recompute);

}  // namespace paramixer
