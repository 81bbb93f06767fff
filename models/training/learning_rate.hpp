#pragma once

#include <cstdint>

#include "models/training/train_config.hpp"

namespace paramixer {

/// Learning rate of a step: linear warm-up, then constant or a cosine down to zero. `progress` in
/// [0, 1] is the completed share of the run (by steps, or by time when that is further).
double learning_rate_at(const TrainConfig& config, std::int64_t step, double progress);

}  // namespace paramixer
