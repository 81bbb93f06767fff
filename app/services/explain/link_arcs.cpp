#include "app/services/explain/link_arcs.hpp"

#include <cstdlib>

#include "io/tracks/track_lines.hpp"

namespace paramixer {
namespace {

/// Whether a link comes back around the ring between its ends, not only by whole turns.
bool is_cut_by_seam(const Link& link, const RingEnds& ring) {
  if (!link.crosses_seam) return false;
  const std::int64_t positions = ring.positions > 0 ? ring.positions : ring.right - ring.left + 1;
  const std::int64_t offset = std::abs(link.offset);
  return offset < positions || std::abs(link.target - link.source) != offset % positions;
}

}  // namespace

std::vector<LinkArc> arcs_of(const Link& link, const RingEnds& ring) {
  const std::string name = "m" + std::to_string(link.factor + 1) + (link.offset < 0 ? "" : "+") +
                           std::to_string(link.offset);
  if (!is_cut_by_seam(link, ring)) return {{link.source, link.target, name, link.weight, false}};
  const bool leaves_right = link.target < link.source;
  const std::int64_t leaves_at = leaves_right ? ring.right : ring.left;
  const std::int64_t comes_back_at = leaves_right ? ring.left : ring.right;
  return {{link.source, leaves_at, name + ":seam", link.weight, true},
          {comes_back_at, link.target, name + ":seam", link.weight, true}};
}

void append_bedpe(std::string& text, const std::string& record, const LinkArc& arc,
                  std::int64_t span) {
  append_bedpe(text, {{record, arc.first, arc.first + span},
                      {record, arc.second, arc.second + span},
                      arc.name,
                      arc.weight});
}

std::string link_flags(const Link& link) {
  std::string flags;
  const auto add = [&](const std::string& flag) { flags += (flags.empty() ? "" : ",") + flag; };
  if (link.merged > 1) add("merged=" + std::to_string(link.merged));
  if (link.crosses_seam) add("seam");
  if (link.touches_padding) add("padding");
  return flags.empty() ? "." : flags;
}

}  // namespace paramixer
