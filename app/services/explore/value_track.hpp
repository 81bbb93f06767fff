#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/explain/pyramid.hpp"

namespace paramixer {

/// The value of a base that has none.
inline constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();

/// One value a base of a stretch of a record, ready to be drawn at any zoom. Immutable,
/// thread-safe.
class ValueTrack {
 public:
  /// `begin` is the 0-based base of the first value. NaN: the base has no value.
  ValueTrack(std::int64_t begin, std::vector<float> values);

  std::int64_t begin() const noexcept { return begin_; }
  std::int64_t end() const noexcept { return begin_ + static_cast<std::int64_t>(values_.size()); }
  const std::vector<float>& values() const noexcept { return values_; }
  /// The value of a base; NaN outside the stretch.
  float at(std::int64_t base) const noexcept;
  /// Largest |value|, 0 without any.
  float largest() const noexcept { return largest_; }
  /// Bytes in memory.
  std::int64_t bytes() const noexcept;

  /// Summaries of bases [begin, end) in `columns` equal parts, each of at least one base. Costs a
  /// few summaries per column, however long the track; parts of more than 128 bases are rounded
  /// outwards to whole groups of the pyramid. NaN where there is no value.
  std::vector<Summary> columns(double begin, double end, std::int64_t columns) const;

 private:
  Summary summary(std::int64_t begin, std::int64_t end) const;

  std::int64_t begin_;
  std::vector<float> values_;
  Pyramid pyramid_;
  float largest_ = 0.0F;
};

}  // namespace paramixer
