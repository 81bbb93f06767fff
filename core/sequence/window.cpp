#include "core/sequence/window.hpp"

#include "core/base/error.hpp"

namespace paramixer {

std::vector<Window> cover_with_windows(std::int64_t length, std::int64_t window,
                                       std::int64_t step) {
  if (step < 1 || step > window) {
    throw usage_error("windows of " + std::to_string(window) + " bases every " +
                      std::to_string(step) +
                      " bases leave gaps; choose a step from 1 to the window length");
  }
  std::vector<Window> windows;
  if (length <= 0) return windows;
  if (length <= window) return {{0, length}};

  const std::int64_t last = length - window;
  windows.reserve(static_cast<std::size_t>((last - 1) / step + 2));
  for (std::int64_t start = 0; start < last; start += step) windows.push_back({start, window});
  windows.push_back({last, window});
  return windows;
}

}  // namespace paramixer
