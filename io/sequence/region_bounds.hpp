#pragma once

#include <cstdint>
#include <string>

#include "io/sequence/region.hpp"

namespace paramixer {

/// A 0-based, half-open interval.
struct RegionBounds {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// The bounds of a region in a sequence of this length; an end past the sequence's means its end,
/// as for samtools. Throws Error, naming `file` and the length, when the region begins past the
/// end.
RegionBounds bounds_within(const Region& region, std::int64_t sequence_length,
                           const std::string& file);

}  // namespace paramixer
