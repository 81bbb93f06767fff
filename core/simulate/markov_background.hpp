#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/base/random.hpp"

namespace paramixer {

/// First-order Markov chain over A, G, C and T. Immutable, thread-safe.
class MarkovBackground {
 public:
  /// Draws moderately uneven transition probabilities.
  explicit MarkovBackground(Random& random);

  /// A sequence of `length` bases, the first one uniform.
  std::string draw(std::int64_t length, Random& random) const;

  /// Probability that base `to` follows base `from`; numbers as in base_code.
  double transition(int from, int to) const;

 private:
  std::array<std::array<double, 4>, 4> cumulative_;  ///< Row sums up to and including each base.
};

}  // namespace paramixer
