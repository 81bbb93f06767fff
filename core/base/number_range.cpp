#include "core/base/number_range.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace paramixer {
namespace {

/// The shortest digits that read back as the same number; whole numbers without an exponent.
std::string digits_of(double value) {
  if (value >= 0x1p64) return std::to_string(UINT64_MAX);
  if (value >= 0x1p63) return std::to_string(INT64_MAX);
  if (value == std::floor(value)) return std::to_string(static_cast<std::int64_t>(value));
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace

bool NumberRange::holds(double value) const noexcept {
  const bool not_below = least_end == RangeEnd::kIncluded ? value >= least : value > least;
  const bool not_above = most_end == RangeEnd::kIncluded ? value <= most : value < most;
  return not_below && not_above;
}

std::string NumberRange::text() const {
  const bool open = least_end == RangeEnd::kExcluded;
  const std::string low = (open ? "above " : "from ") + digits_of(least);
  const bool open_above = most_end == RangeEnd::kExcluded;
  const std::string high = (open_above ? "below " : open ? "at most " : "") + digits_of(most);
  return low + (open ? " and " : " to ") + high;
}

}  // namespace paramixer
