#pragma once

#include <cstdint>
#include <string>

#include "io/indexed_reader.hpp"

namespace paramixer {

/// A 0-based, half-open interval.
struct RegionBounds {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// The bounds of a region in a sequence of this length. Throws Error, naming `file`, when the
/// region reaches outside.
RegionBounds bounds_within(const Region& region, std::int64_t sequence_length,
                           const std::string& file);

}  // namespace paramixer
