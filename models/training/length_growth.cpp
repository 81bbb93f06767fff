#include "models/training/length_growth.hpp"

#include <algorithm>

namespace paramixer {
namespace {

constexpr double kSmoothing = 0.95;
// A few lucky batches right after a change must not count as success.
constexpr std::int64_t kLeastStepsAtLength = 20;

}  // namespace

LengthGrowth::LengthGrowth(const TrainConfig& config, std::int64_t final_length)
    : threshold_(config.grow_accuracy), final_length_(final_length) {
  state_.length = config.grow_from > 0 ? std::min(config.grow_from, final_length) : final_length;
}

bool LengthGrowth::observe(double accuracy) {
  ++state_.steps_at_length;
  const double smoothing = state_.steps_at_length == 1 ? 0.0 : kSmoothing;
  state_.running_accuracy = smoothing * state_.running_accuracy + (1.0 - smoothing) * accuracy;
  if (is_final() || state_.steps_at_length < kLeastStepsAtLength ||
      state_.running_accuracy < threshold_) {
    return false;
  }
  state_ = {std::min(2 * state_.length, final_length_), 0.0, 0};
  return true;
}

std::int64_t factors_for_length(const ModelConfig& config, std::int64_t length) {
  const LinkPattern pattern = config.link_pattern();
  // Links to both sides (dilated) need to span half a ring, links to one side (chord) all of it.
  const std::int64_t needed =
      config.protocol == Protocol::kDilated && config.boundary == Boundary::kRing ? length / 2
                                                                                  : length - 1;
  std::int64_t reach = 0;
  for (std::int64_t m = 0; m < pattern.factors(); ++m) {
    if (reach >= needed) return m;
    std::int64_t farthest = 0;
    for (std::int64_t k = 0; k < pattern.links(); ++k) {
      // Chord has the same offsets in every factor: factor m is taken for its own power of two.
      const std::int64_t offset =
          config.protocol == Protocol::kChord ? std::int64_t{1} << m : pattern.offset(m, k);
      farthest = std::max(farthest, offset);
    }
    reach += farthest;
  }
  return pattern.factors();
}

}  // namespace paramixer
