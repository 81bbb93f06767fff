#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paramixer {

/// Finds exact occurrences of any of a set of motifs, on either strand. Immutable, thread-safe.
class MotifFinder {
 public:
  static constexpr std::int64_t kMaxLength = 32;

  /// Motifs of A, C, G and T, all of the same length, 1 to kMaxLength.
  explicit MotifFinder(const std::vector<std::string>& motifs);

  /// Start of the first occurrence at or after `from` in an unambiguous sequence.
  std::optional<std::int64_t> find(std::string_view sequence, std::int64_t from) const;

 private:
  std::int64_t length_ = 0;
  std::uint64_t mask_ = 0;
  std::vector<std::uint64_t> words_;  ///< Two bits per base, both strands.
};

}  // namespace paramixer
