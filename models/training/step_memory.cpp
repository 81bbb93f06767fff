#include "models/training/step_memory.hpp"

#include <array>
#include <cstdio>

#include "models/network/spanned_mix.hpp"

namespace paramixer {
namespace {

std::string size_text(std::int64_t bytes) {
  std::array<char, 32> text{};
  const auto size = static_cast<double>(bytes);
  std::snprintf(text.data(), text.size(), size < 1e9 ? "%.1f MB" : "%.2f GB",
                size < 1e9 ? size * 1e-6 : size * 1e-9);
  return text.data();
}

}  // namespace

std::int64_t mixing_memory(const ModelConfig& config, std::int64_t positions, Recompute recompute) {
  const SpannedMix::Arrays arrays = SpannedMix(recompute, config.resolved_factors()).arrays();
  const std::int64_t all = config.blocks * (1 + arrays.kept) + arrays.recomputed;
  return all * positions * config.embedding * static_cast<std::int64_t>(sizeof(float));
}

std::string describe_mixing_memory(const ModelConfig& config, std::int64_t positions,
                                   Recompute recompute) {
  const auto size = [&](Recompute choice) {
    return size_text(mixing_memory(config, positions, choice));
  };
  return "a step of " + std::to_string(positions) + " positions keeps up to " + size(recompute) +
         " of mixing values for the backward pass" +
         (recompute == Recompute::kNone ? "; --recompute factors: " + size(Recompute::kFactors)
                                        : " (--recompute none: " + size(Recompute::kNone) + ")");
}

}  // namespace paramixer
