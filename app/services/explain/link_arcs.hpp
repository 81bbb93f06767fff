#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/explain/link_list.hpp"

namespace paramixer {

/// A link, or one of the two parts of a link around the ring's seam, between 0-based bases.
struct LinkArc {
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::string name{};  ///< m3+16, m3+16:seam
  float weight = 0.0F;
  bool is_part = false;
};

/// The first and the last base at which a token of the ring begins.
struct RingEnds {
  std::int64_t left = 0;
  std::int64_t right = 0;
  std::int64_t positions =
      0;  ///< Positions of the whole ring; 0: no padding, only those between the ends.
};

/// One arc; two for a link around the seam: from the source to the end of the ring that it leaves
/// by, and from the end at which it comes back to the target. Whole turns of a ring that is shorter
/// than the offset are not drawn. The link's positions are bases.
std::vector<LinkArc> arcs_of(const Link& link, const RingEnds& ring);

/// Adds an arc as a line of BEDPE, between intervals of `span` bases.
void append_bedpe(std::string& text, const std::string& record, const LinkArc& arc,
                  std::int64_t span);

/// Flags of a link: merged=2,seam,padding; "." for none.
std::string link_flags(const Link& link);

}  // namespace paramixer
