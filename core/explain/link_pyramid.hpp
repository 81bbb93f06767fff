#pragma once

#include <cstdint>
#include <vector>

#include "core/explain/link_source.hpp"
#include "core/explain/pyramid.hpp"

namespace paramixer {

/// Levels of detail of one factor's links: one track over all positions for every link k of the
/// pattern. One streaming pass; memory is about 2 N L / base summaries.
std::vector<Pyramid> link_pyramids(LinkSource& links, std::int64_t factor, std::int64_t base);

}  // namespace paramixer
