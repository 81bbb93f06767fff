#include "core/links/link_pattern.hpp"

#include <bit>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kMaxFactors = 62;  // 2^62 is the largest power of two an offset can hold.
constexpr std::int64_t kDilatedReach = 4;

}  // namespace

LinkPattern::LinkPattern(Protocol protocol, std::int64_t factors) : factors_(factors) {
  const std::int64_t limit = protocol == Protocol::kChord ? kMaxFactors : kMaxFactors - 2;
  if (factors < 0 || factors > limit) {
    throw Error("the number of factors is " + std::to_string(factors) + "; expected 0 to " +
                std::to_string(limit));
  }
  links_ = protocol == Protocol::kChord ? factors + 1 : 2 * kDilatedReach + 1;
  offsets_.reserve(static_cast<std::size_t>(factors * links_));
  for (std::int64_t m = 0; m < factors; ++m) {
    offsets_.push_back(0);
    if (protocol == Protocol::kChord) {
      for (std::int64_t k = 0; k < factors; ++k) offsets_.push_back(std::int64_t{1} << k);
    } else {
      for (std::int64_t k = 1; k <= kDilatedReach; ++k) offsets_.push_back(k << m);
      for (std::int64_t k = 1; k <= kDilatedReach; ++k) offsets_.push_back(-(k << m));
    }
  }
}

LinkPattern LinkPattern::part(std::int64_t first, std::int64_t count) const {
  if (first < 0 || count < 0 || first + count > factors_) {
    throw Error("the factors " + std::to_string(first + 1) + "-" + std::to_string(first + count) +
                " are not among the " + std::to_string(factors_));
  }
  LinkPattern part(*this);
  part.factors_ = count;
  part.offsets_.assign(offsets_.begin() + first * links_,
                       offsets_.begin() + (first + count) * links_);
  return part;
}

std::int64_t ceil_log2(std::int64_t n) {
  return n <= 1 ? 0 : std::bit_width(static_cast<std::uint64_t>(n - 1));
}

std::int64_t floor_log2(std::int64_t n) {
  return n <= 1 ? 0 : std::bit_width(static_cast<std::uint64_t>(n)) - 1;
}

std::int64_t link_target(std::int64_t i, std::int64_t offset, std::int64_t length,
                         Boundary boundary) {
  if (boundary == Boundary::kRing) {
    const std::int64_t target = (i + offset % length) % length;
    return target < 0 ? target + length : target;
  }
  const std::int64_t target = i + offset;
  return target >= 0 && target < length ? target : -1;
}

}  // namespace paramixer
