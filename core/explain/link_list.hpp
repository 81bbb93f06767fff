#pragma once

#include <cstdint>
#include <functional>
#include <limits>

#include "core/base/enum_names.hpp"
#include "core/explain/link_source.hpp"

namespace paramixer {

/// One link: V[source] receives weight x V[target] in `factor`.
struct Link {
  std::int64_t factor = 0;
  std::int64_t source = 0;  ///< 0-based positions of the ring.
  std::int64_t target = 0;
  std::int64_t offset = 0;       ///< From the pattern: target = source + offset, around the ring.
  float weight = 0.0F;           ///< The sum where several offsets land on one target.
  std::int32_t merged = 1;       ///< How many links of the pattern that are.
  bool crosses_seam = false;     ///< source + offset leaves [0, N) and comes back around the ring.
  bool touches_padding = false;  ///< One end lies outside the sequence.
};

/// Which of the links are wanted.
enum class LinkChoice {
  kAll,          ///< By source, then factor, then link.
  kTopOverall,   ///< The `top` strongest (largest |weight|), strongest first.
  kTopOfFactor,  ///< The `top` strongest of each factor: by factor, strongest first.
  kTopOfSource,  ///< The `top` strongest of each source over all factors: by source.
};

template <>
struct EnumNames<LinkChoice> {
  static constexpr const char* kWhat = "value of --per";
  static constexpr EnumName<LinkChoice> kTable[] = {{LinkChoice::kTopOverall, "overall"},
                                                    {LinkChoice::kTopOfFactor, "factor"},
                                                    {LinkChoice::kTopOfSource, "position"}};
};

struct LinkQuery {
  std::int64_t begin = 0;  ///< Sources in [begin, end).
  std::int64_t end = 0;
  std::int64_t first_factor = 0;
  std::int64_t last_factor = std::numeric_limits<std::int64_t>::max();  ///< Included.
  LinkChoice choice = LinkChoice::kAll;
  std::int64_t top = 0;
};

/// Calls `visit` for the chosen links. Links of equal strength are ordered by factor, source, link.
/// Memory: the weights of some hundred positions, and `top` links (a factor, for kTopOfFactor).
/// Throws Error for a range outside the sequence, and what `visit` throws.
void for_each_link(LinkSource& links, const LinkQuery& query,
                   const std::function<void(const Link&)>& visit);

}  // namespace paramixer
