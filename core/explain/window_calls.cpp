#include "core/explain/window_calls.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::array<std::uint32_t, 8> kDistinct{0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7,
                                                 0x56B4E9, 0xD55E00, 0xF0E442, 0x000000};
constexpr std::uint32_t kGrey = 0xB0B0B0;

/// A colour of medium saturation; hue from 0 to 1.
std::uint32_t color_of_hue(double hue, double brightness) {
  const auto channel = [&](double shift) {
    const double wave = 0.5 + 0.5 * std::cos(6.283185307179586 * (hue - shift));
    return static_cast<std::uint32_t>(std::lround(255.0 * brightness * (0.25 + 0.75 * wave)));
  };
  return channel(0.0) << 16 | channel(1.0 / 3.0) << 8 | channel(2.0 / 3.0);
}

/// Where windows and gaps begin and end.
std::vector<std::int64_t> sorted_ends(std::span<const Window> windows,
                                      std::span<const Window> gaps) {
  std::vector<std::int64_t> ends;
  for (const auto& list : {windows, gaps}) {
    for (const Window& own : list) {
      ends.push_back(own.start);
      ends.push_back(own.start + own.length);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

}  // namespace

std::vector<ScanSegment> scan_segments(std::span<const Window> windows,
                                       std::span<const float> probabilities, std::int64_t classes,
                                       std::span<const Window> gaps) {
  if (std::ssize(probabilities) != std::ssize(windows) * classes) {
    throw Error("the answers do not fit the windows: " + std::to_string(probabilities.size()) +
                " probabilities for " + std::to_string(windows.size()) + " windows");
  }
  const std::vector<std::int64_t> ends = sorted_ends(windows, gaps);
  std::vector<ScanSegment> segments;
  std::size_t first = 0;  // Windows before it end before the segment.
  for (std::size_t e = 0; e + 1 < ends.size(); ++e) {
    ScanSegment segment{ends[e], ends[e + 1], {}};
    std::vector<double> sums(static_cast<std::size_t>(classes), 0.0);
    while (!gaps.empty() && gaps.front().start + gaps.front().length <= ends[e]) {
      gaps = gaps.subspan(1);
    }
    const bool in_gap = !gaps.empty() && gaps.front().start <= ends[e];
    bool covered = false;
    double answers = 0.0;
    while (first < windows.size() && windows[first].start + windows[first].length <= ends[e]) {
      ++first;
    }
    for (std::size_t w = first; w < windows.size() && windows[w].start <= ends[e]; ++w) {
      if (windows[w].start + windows[w].length <= ends[e]) continue;
      covered = true;
      if (in_gap || std::isnan(probabilities[w * sums.size()])) continue;
      answers += 1.0;
      for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += probabilities[w * sums.size() + c];
    }
    if (!covered) continue;
    for (const double sum : sums) {
      if (answers > 0.0) segment.probabilities.push_back(static_cast<float>(sum / answers));
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

std::vector<ScanCall> merged_calls(std::span<const ScanSegment> segments, double min_confidence) {
  std::vector<ScanCall> calls;
  for (const ScanSegment& segment : segments) {
    ScanCall own{segment.begin, segment.end};
    if (!segment.probabilities.empty()) {
      const auto top = std::max_element(segment.probabilities.begin(), segment.probabilities.end());
      own.probability = *top;
      if (*top >= min_confidence) {
        own.best = static_cast<std::int32_t>(top - segment.probabilities.begin());
      }
    }
    if (!calls.empty() && calls.back().best == own.best && calls.back().end == own.begin) {
      ScanCall& last = calls.back();
      const auto before = static_cast<float>(last.end - last.begin);
      const auto added = static_cast<float>(own.end - own.begin);
      last.probability = (last.probability * before + own.probability * added) / (before + added);
      last.end = own.end;
    } else {
      calls.push_back(own);
    }
  }
  return calls;
}

std::uint32_t class_color(std::int32_t number) {
  if (number < 0) return kGrey;
  const auto index = static_cast<std::size_t>(number);
  if (index < kDistinct.size()) return kDistinct[index];
  // Hues spaced by the golden ratio stay apart, however many there are.
  const double turns = 0.618033988749895 * static_cast<double>(index);
  return color_of_hue(turns - std::floor(turns), index % 2 == 0 ? 0.9 : 0.65);
}

}  // namespace paramixer
