#include "app/services/link_arcs.hpp"

#include "io/track_lines.hpp"

namespace paramixer {

std::vector<LinkArc> arcs_of(const Link& link, const RingEnds& ring) {
  const std::string name = "m" + std::to_string(link.factor + 1) + (link.offset < 0 ? "" : "+") +
                           std::to_string(link.offset);
  if (!link.crosses_seam) return {{link.source, link.target, name, link.weight, false}};
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
