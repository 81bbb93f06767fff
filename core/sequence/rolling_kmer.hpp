#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/sequence/alphabet.hpp"

namespace paramixer {

/// The last k bases of a sequence as base-4 numbers (first base most significant), on the
/// sequence's strand and on the other one. k from 1 to 32.
class RollingKmer {
 public:
  explicit RollingKmer(int k)
      : mask_(~std::uint64_t{0} >> (64 - 2 * k)), first_base_(2 * (k - 1)) {}

  /// Appends a base and returns its code. Ambiguous and invalid letters count as A; clean() says
  /// whether there are any.
  std::uint32_t push(char letter) noexcept {
    const std::uint32_t code = base_code(letter);
    const std::uint64_t base = code & 3;
    forward_ = (forward_ << 2 | base) & mask_;
    reverse_ = reverse_ >> 2 | (3 - base) << first_base_;
    clean_ = code < kAmbiguousCode ? clean_ + 1 : 0;
    return code;
  }

  std::uint64_t forward() const noexcept { return forward_; }
  std::uint64_t canonical() const noexcept { return std::min(forward_, reverse_); }
  /// Unambiguous bases since the last ambiguous letter.
  std::size_t clean() const noexcept { return clean_; }

 private:
  std::uint64_t mask_;
  int first_base_;
  std::uint64_t forward_ = 0;
  std::uint64_t reverse_ = 0;
  std::size_t clean_ = 0;
};

}  // namespace paramixer
