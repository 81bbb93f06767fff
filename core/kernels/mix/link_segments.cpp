#include "core/kernels/mix/link_segments.hpp"

#include <algorithm>

namespace paramixer {

std::vector<LinkSegment> make_link_segments(const LinkPattern& pattern, std::int64_t factor,
                                            std::int64_t length, Boundary boundary,
                                            LinkDirection direction) {
  std::vector<std::int64_t> offsets;
  std::vector<std::int64_t> cuts{0, length};
  for (std::int64_t k = 0; k < pattern.links(); ++k) {
    std::int64_t offset = pattern.offset(factor, k);
    if (direction == LinkDirection::kToSource) offset = -offset;
    // On the ring only the remainder matters; off it, an offset beyond the sequence never lands.
    if (boundary == Boundary::kRing && length > 0) offset %= length;
    offsets.push_back(offset);
    const std::int64_t cut = offset > 0 ? length - offset : -offset;
    if (cut > 0 && cut < length) cuts.push_back(cut);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

  std::vector<LinkSegment> segments;
  for (std::size_t s = 0; s + 1 < cuts.size(); ++s) {
    LinkSegment segment{cuts[s], cuts[s + 1], {}, {}};
    for (std::int64_t k = 0; k < pattern.links(); ++k) {
      const std::int64_t target =
          link_target(segment.begin, offsets[static_cast<std::size_t>(k)], length, boundary);
      if (target < 0) continue;
      segment.link.push_back(static_cast<std::int32_t>(k));
      segment.delta.push_back(target - segment.begin);
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

}  // namespace paramixer
