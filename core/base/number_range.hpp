#pragma once

#include <cstdint>
#include <string>

namespace paramixer {

/// Whether a range holds the number at its end.
enum class RangeEnd { kIncluded, kExcluded };

/// The numbers that an option or a setting accepts. Never NaN or an infinity.
struct NumberRange {
  double least = 0.0;
  double most = 0.0;
  RangeEnd least_end = RangeEnd::kIncluded;
  RangeEnd most_end = RangeEnd::kIncluded;

  bool holds(double value) const noexcept;
  /// The part of a message after "a number": "from 0 to 1", "above 0 and below 1".
  std::string text() const;
};

/// 0 to 1, both included.
inline constexpr NumberRange kShareRange{0.0, 1.0};
/// Range of error and dropout rates; 1 would leave nothing.
inline constexpr NumberRange kRateRange{0.0, 1.0, RangeEnd::kIncluded, RangeEnd::kExcluded};
/// Bases or tokens of the longest sequence that a model takes.
inline constexpr std::int64_t kMostPositions = std::int64_t{1} << 32;
/// A length, or 0 where that means a default.
inline constexpr NumberRange kLengthRange{0.0, static_cast<double>(kMostPositions)};
/// Sequences or windows computed at once.
inline constexpr NumberRange kBatchRange{1.0, 1e6};
/// Threads to compute with; 0: all cores.
inline constexpr NumberRange kThreadRange{0.0, 4096.0};
/// Seeds of random numbers: every whole number from 0.
inline constexpr NumberRange kSeedRange{0.0, 9223372036854775807.0};

}  // namespace paramixer
