#pragma once

#include <cstdint>
#include <string>

#include "models/config/model_config.hpp"
#include "models/config/recompute.hpp"

namespace paramixer {

/// Bytes that the mixing of a training step holds at most for its backward pass: in every block V
/// before and after its factors, as far as they are kept, and V within the span of factors that is
/// computed again. `positions` are those of the batch, padding included.
std::int64_t mixing_memory(const ModelConfig& config, std::int64_t positions, Recompute recompute);

/// One line for people: how much that is, and how much it would be with the other choice.
std::string describe_mixing_memory(const ModelConfig& config, std::int64_t positions,
                                   Recompute recompute);

}  // namespace paramixer
