#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.hpp"

namespace paramixer {

/// Number of positions at which two sequences of equal length differ.
std::int64_t hamming_distance(std::string_view a, std::string_view b);

/// Smallest distance between a motif and any other motif, any other motif's reverse complement or
/// its own: 60 % of the length, rounded up.
std::int64_t least_motif_distance(std::int64_t length);

/// `count` random sequences of `length` bases that are pairwise dissimilar (least_motif_distance)
/// and not of low complexity. Throws a usage Error when that many cannot be found.
std::vector<std::string> draw_dissimilar_motifs(std::int64_t count, std::int64_t length,
                                                Random& random);

}  // namespace paramixer
