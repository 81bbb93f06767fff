#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/explain/pyramid.hpp"

namespace paramixer {

/// The links of one factor at consecutive positions.
struct LinkStretch {
  std::int64_t begin = 0;  ///< Positions [begin, end).
  std::int64_t end = 0;
  std::int64_t links = 0;  ///< L
  /// Writes the weights of positions [begin, end), row-major [end - begin, L]; NaN if there are
  /// none.
  std::function<void(std::int64_t begin, std::int64_t end, float* out)> read;
};

/// Levels of detail of a stretch: one track over its positions for every link k of the pattern. One
/// streaming pass; memory is about 2 N L / base summaries.
std::vector<Pyramid> link_pyramids(const LinkStretch& stretch, std::int64_t base);

}  // namespace paramixer
