#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace paramixer {

/// One value a base of a stretch of one sequence.
struct BigwigTrack {
  std::string sequence;
  std::int64_t length = 0;  ///< Of the sequence.
  std::int64_t begin = 0;   ///< 0-based first base of the values.
  std::span<const float> values{};
};

/// Whether this program was built with libBigWig.
bool has_bigwig() noexcept;

/// Writes a bigWig file under a temporary name and renames it. Throws Error when the file cannot be
/// written, and of kind kUsage for "-" or where has_bigwig() is false.
void write_bigwig(const std::string& path, const BigwigTrack& track);

}  // namespace paramixer
