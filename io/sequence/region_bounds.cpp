#include "io/sequence/region_bounds.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace paramixer {

RegionBounds bounds_within(const Region& region, std::int64_t sequence_length,
                           const std::string& file) {
  const std::int64_t end =
      region.end == 0 ? sequence_length : std::min(region.end, sequence_length);
  const bool is_whole_empty_sequence = sequence_length == 0 && region.begin == 1;
  if (region.begin < 1 || (region.begin > end && !is_whole_empty_sequence)) {
    throw Error({.file = file, .record = region.name},
                "the region begins at " + std::to_string(region.begin) + ", but there are " +
                    std::to_string(sequence_length) + " bases");
  }
  return {region.begin - 1, end};
}

}  // namespace paramixer
