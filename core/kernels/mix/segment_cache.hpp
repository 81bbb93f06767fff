#pragma once

#include <vector>

#include "core/kernels/mix/mix_factor.hpp"

namespace paramixer {

/// Segments of every factor for sequences of the last requested length, which neighbouring
/// sequences mostly share. Not thread-safe; one per thread. `pattern` must outlive it.
class SegmentCache {
 public:
  SegmentCache(const LinkPattern& pattern, Boundary boundary, LinkDirection direction)
      : pattern_(&pattern), boundary_(boundary), direction_(direction) {}

  /// All segments of a factor; valid until another length is requested.
  const std::vector<LinkSegment>& get(std::int64_t factor, std::int64_t length);

 private:
  const LinkPattern* pattern_;
  Boundary boundary_;
  LinkDirection direction_;
  std::int64_t length_ = -1;
  std::vector<std::vector<LinkSegment>> segments_;  ///< Empty until requested.
};

/// The part of a sequence's segments that belongs to positions [begin, end).
std::vector<LinkSegmentView> clipped(const std::vector<LinkSegment>& segments, std::int64_t begin,
                                     std::int64_t end);

}  // namespace paramixer
