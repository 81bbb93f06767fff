#pragma once

#include <array>
#include <cstdint>

#include "core/base/random.hpp"

namespace paramixer {

/// Which amino acids replace one another in related proteins: of BLOSUM62 (Henikoff and Henikoff
/// 1992), whose scores are twice the base-2 logarithm of how much more often than by chance two
/// amino acids are aligned. Numbers are indices into kAminoAcids (core/sequence/genetic_code.hpp).
/// Immutable, thread-safe.
class AminoAcidExchange {
 public:
  AminoAcidExchange();

  /// A random replacement of `amino_acid` (0 to 19), by observed frequency.
  std::uint8_t draw(std::uint8_t amino_acid, Random& random) const;
  /// Its probability.
  double probability(std::uint8_t from, std::uint8_t to) const;

 private:
  static constexpr std::size_t kCount = 20;
  std::array<std::array<double, kCount>, kCount> cumulative_{};  ///< Row sums up to and with each.
};

}  // namespace paramixer
