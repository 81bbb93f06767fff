#include "io/region_bounds.hpp"

#include "core/base/error.hpp"

namespace paramixer {

RegionBounds bounds_within(const Region& region, std::int64_t sequence_length,
                           const std::string& file) {
  const std::int64_t end = region.end == 0 ? sequence_length : region.end;
  const bool is_whole_empty_sequence = sequence_length == 0 && region.begin == 1 && end == 0;
  if (region.begin < 1 || end > sequence_length ||
      (region.begin > end && !is_whole_empty_sequence)) {
    throw Error({.file = file, .record = region.name},
                "the region " + std::to_string(region.begin) + "-" + std::to_string(end) +
                    " is not within its " + std::to_string(sequence_length) + " bases");
  }
  return {region.begin - 1, end};
}

}  // namespace paramixer
