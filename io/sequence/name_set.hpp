#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace paramixer {

/// The names seen so far, kept as 64-bit hashes: 11 to 22 bytes per name, whatever its length. Two
/// different names are mistaken for equal with a probability of 2^-64 per pair (one in 37 million
/// for a million names).
class NameSet {
 public:
  /// False when the name (or one with the same hash) was there before.
  bool insert(std::string_view name);

 private:
  void grow();
  /// Slot that holds `hash`, or the free one where it belongs.
  std::uint64_t& slot_of(std::uint64_t hash);

  std::vector<std::uint64_t> slots_;  ///< A power of two; 0 is free.
  std::size_t used_ = 0;
};

}  // namespace paramixer
