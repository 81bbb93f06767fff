#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/tracks/track_lines.hpp"

namespace paramixer {

/// The values of one sequence, ascending and without overlap.
struct BigwigSequence {
  std::string name;
  std::int64_t length = 0;  ///< Length of the sequence.
  std::vector<TrackValue> values{};
};

/// Whether this program was built with libBigWig.
bool has_bigwig() noexcept;

/// Throws a usage Error if no bigWig file can be written: to "-", under a name in .gz, or without
/// has_bigwig().
void check_bigwig_output(const std::string& path);

/// Writes a bigWig file under a temporary name and renames it. Throws Error when the file cannot be
/// written, when there are no values or two sequences of one name, and what check_bigwig_output()
/// throws.
void write_bigwig(const std::string& path, std::vector<BigwigSequence> sequences);

}  // namespace paramixer
