#include "core/kernels/mix/segment_cache.hpp"

#include <algorithm>

namespace paramixer {

const std::vector<LinkSegment>& SegmentCache::get(std::int64_t factor, std::int64_t length) {
  if (length != length_) {
    length_ = length;
    segments_.assign(static_cast<std::size_t>(pattern_->factors()), {});
  }
  std::vector<LinkSegment>& own = segments_[static_cast<std::size_t>(factor)];
  if (own.empty()) own = make_link_segments(*pattern_, factor, length, boundary_, direction_);
  return own;
}

std::vector<LinkSegmentView> clipped(const std::vector<LinkSegment>& segments, std::int64_t begin,
                                     std::int64_t end) {
  std::vector<LinkSegmentView> part;
  for (const LinkSegment& segment : segments) {
    if (segment.end <= begin || segment.begin >= end) continue;
    part.emplace_back(segment, std::max(segment.begin, begin), std::min(segment.end, end));
  }
  return part;
}

}  // namespace paramixer
