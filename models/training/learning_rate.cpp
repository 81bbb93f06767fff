#include "models/training/learning_rate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace paramixer {

double learning_rate_at(const TrainConfig& config, std::int64_t step, double progress) {
  double rate = config.learning_rate;
  if (step < config.warmup_steps) {
    rate *= static_cast<double>(step + 1) / static_cast<double>(config.warmup_steps);
  }
  if (config.schedule == ScheduleKind::kCosine) {
    rate *= 0.5 * (1.0 + std::cos(std::numbers::pi * std::clamp(progress, 0.0, 1.0)));
  }
  return rate;
}

}  // namespace paramixer
