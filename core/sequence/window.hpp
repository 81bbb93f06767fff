#pragma once

#include <cstdint>
#include <vector>

namespace paramixer {

/// A stretch of a record, 0-based, half-open [start, start + length).
struct Window {
  std::int64_t start = 0;
  std::int64_t length = 0;
  bool operator==(const Window&) const = default;
};

/// Windows of `window` bases every `step` bases that cover a record completely. A record no longer
/// than `window` is one window; the last window is moved back so that it ends with the record and
/// keeps its full length. Empty for length 0. Requires 1 <= step <= window.
std::vector<Window> cover_with_windows(std::int64_t length, std::int64_t window, std::int64_t step);

}  // namespace paramixer
