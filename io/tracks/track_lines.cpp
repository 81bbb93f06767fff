#include "io/tracks/track_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/base/error.hpp"
#include "io/predictions/prediction_fields.hpp"

namespace paramixer {
namespace {

void append_name(std::string& text, std::string_view name) {
  const auto start = static_cast<std::ptrdiff_t>(text.size());
  append_field(text, name);
  std::replace(text.begin() + start, text.end(), ' ', '_');
}

void append_interval(std::string& text, const TrackInterval& where) {
  append_name(text, where.sequence);
  text += '\t' + std::to_string(where.begin) + '\t' + std::to_string(where.end);
}

template <typename Number>
void append_shortest(std::string& text, Number value) {
  std::array<char, 48> digits;
  const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{}) throw Error("a number cannot be written");
  text.append(digits.data(), end);
}

}  // namespace

void append_exact(std::string& text, float value) { append_shortest(text, value); }
void append_exact(std::string& text, double value) { append_shortest(text, value); }

void append_bed9(std::string& text, const BedFeature& feature) {
  append_interval(text, feature.where);
  text += '\t';
  append_name(text, feature.name);
  const double score = std::clamp(feature.score, 0.0, 1.0);
  text += '\t' + std::to_string(std::lround(1000.0 * score)) + "\t.\t" +
          std::to_string(feature.where.begin) + '\t' + std::to_string(feature.where.end) + '\t' +
          std::to_string(feature.color >> 16 & 255) + ',' +
          std::to_string(feature.color >> 8 & 255) + ',' + std::to_string(feature.color & 255) +
          '\n';
}

void append_bedgraph(std::string& text, const TrackInterval& where, float value) {
  append_interval(text, where);
  text += '\t';
  append_exact(text, value);
  text += '\n';
}

void append_bedpe(std::string& text, const BedpeFeature& feature) {
  append_interval(text, feature.first);
  text += '\t';
  append_interval(text, feature.second);
  text += '\t';
  append_name(text, feature.name);
  text += '\t';
  append_exact(text, feature.weight);
  text += "\t.\t.\n";
}

}  // namespace paramixer
