#pragma once

#include <cstdint>
#include <string>

namespace paramixer {

/// A stretch of a named sequence: 1-based, both ends included, as IGV and samtools show it.
struct Region {
  std::string name;
  std::int64_t begin = 1;
  std::int64_t end = 0;  ///< 0 means the end of the sequence.
};

/// Parses "name", "name:a-b" or "name:a" (from a to the end); thousands separators are allowed. A
/// colon that no interval follows belongs to the name. Throws a usage Error.
Region parse_region(const std::string& text);

}  // namespace paramixer
