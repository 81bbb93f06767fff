#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace paramixer {

/// xoshiro256** seeded through splitmix64 from up to three numbers. The stream for (seed, a, b) is
/// the same on every machine and independent of other streams, so numbered work (a training step, a
/// simulated record) can be repeated or resumed from its number alone. Not thread-safe: create one
/// per unit of work.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t substream = 0);

  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high], both included; low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// Uniform in [0, 1).
  double uniform();
  /// True with the given probability.
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal deviate.
  double normal();

  /// Fisher-Yates shuffle.
  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace paramixer
