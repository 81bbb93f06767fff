#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/sequence/window.hpp"

namespace paramixer {

/// Replaces every probability of a window without evidence.
inline constexpr float kNoAnswer = std::numeric_limits<float>::quiet_NaN();

/// A stretch of a record between two adjacent window boundaries, with the mean class probabilities
/// of the windows that cover it.
struct ScanSegment {
  std::int64_t begin = 0;  ///< 0-based, half-open.
  std::int64_t end = 0;
  /// One per class: the mean over the covering windows with an answer. Empty where there is none,
  /// and in gaps.
  std::vector<float> probabilities{};
};

/// Overlapping windows as segments that do not overlap, ascending. `windows` are ascending and
/// cover the record; `probabilities` has one row of `classes` per window, filled with kNoAnswer if
/// the window has no answer. A window does not count inside gaps; `gaps` are ascending and apart.
/// Throws Error when sizes disagree.
std::vector<ScanSegment> scan_segments(std::span<const Window> windows,
                                       std::span<const float> probabilities, std::int64_t classes,
                                       std::span<const Window> gaps = {});

/// Neighbouring segments with the same answer as one.
struct ScanCall {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int32_t best = -1;    ///< Class, or -1 below the confidence and without an answer.
  float probability = 0.0F;  ///< Mean over the call's bases of the highest probability, or of 0.
};

std::vector<ScanCall> merged_calls(std::span<const ScanSegment> segments, double min_confidence);

/// Colour 0xRRGGBB of a class, the same in every output: eight that colour-blind people can
/// distinguish (Okabe and Ito) first, then others. Grey for -1.
std::uint32_t class_color(std::int32_t number);

}  // namespace paramixer
