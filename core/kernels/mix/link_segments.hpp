#pragma once

#include <cstdint>
#include <vector>

#include "core/links/link_pattern.hpp"

namespace paramixer {

/// A run of positions [begin, end) of one sequence in which every link keeps its distance to its
/// target: no link wraps or leaves the sequence inside the run. The kernels' inner loops need no
/// index arithmetic within a segment.
struct LinkSegment {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::vector<std::int32_t> link;   ///< Numbers k of the links that are inside the sequence.
  std::vector<std::int64_t> delta;  ///< target - position for each of them, in positions.

  bool operator==(const LinkSegment&) const = default;
};

/// Which way links are followed.
enum class LinkDirection {
  kToTarget,  ///< From position i to i + offset (forward pass).
  kToSource,  ///< From position j to the i with i + offset = j (backward pass).
};

/// Segments of one factor for sequences of one length, in order, covering [0, length).
std::vector<LinkSegment> make_link_segments(const LinkPattern& pattern, std::int64_t factor,
                                            std::int64_t length, Boundary boundary,
                                            LinkDirection direction);

}  // namespace paramixer
