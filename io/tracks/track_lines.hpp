#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace paramixer {

/// Lines of the track formats that genome browsers read. Intervals are 0-based and half-open. Tabs
/// and control characters in names become spaces, and spaces underscores, which browsers expect.

/// An interval of a sequence.
struct TrackInterval {
  std::string_view sequence;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// A coloured feature: a line of BED with nine columns.
struct BedFeature {
  TrackInterval where;
  std::string_view name;
  double score = 0.0;       ///< 0 to 1; BED's column is 0 to 1000.
  std::uint32_t color = 0;  ///< 0xRRGGBB
};
void append_bed9(std::string& text, const BedFeature& feature);

/// A value of a stretch of one sequence.
struct TrackValue {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  float value = 0.0F;
};

/// A value of an interval: a line of bedGraph.
void append_bedgraph(std::string& text, const TrackInterval& where, float value);

/// A link of two intervals: a line of BEDPE. The weight is the score column.
struct BedpeFeature {
  TrackInterval first;
  TrackInterval second;
  std::string_view name;
  float weight = 0.0F;
};
void append_bedpe(std::string& text, const BedpeFeature& feature);

/// Appends a number so that reading it back gives the same value, in every locale.
void append_exact(std::string& text, float value);
void append_exact(std::string& text, double value);

}  // namespace paramixer
