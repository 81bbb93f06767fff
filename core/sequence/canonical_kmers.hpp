#pragma once

#include <cstdint>
#include <vector>

namespace paramixer {

/// Numbers the canonical k-mers from 0: of a k-mer and its reverse complement, the one with the
/// smaller base-4 number. There are (4^k + p) / 2, where p is the number of k-mers that are their
/// own reverse complement: 4^(k/2) for even k, none for odd k. Immutable, thread-safe.
class CanonicalKmers {
 public:
  /// `k` from 1 to 12; memory is 4^(k+1) bytes and half as much again.
  explicit CanonicalKmers(int k);

  std::int32_t count() const noexcept { return static_cast<std::int32_t>(kmers_.size()); }
  /// Number of the pair to which the k-mer with base-4 number `kmer` belongs.
  std::int32_t number_of(std::uint32_t kmer) const noexcept { return numbers_[kmer]; }
  /// Base-4 number of the canonical k-mer.
  std::uint32_t kmer(std::int32_t number) const noexcept {
    return kmers_[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::int32_t> numbers_;  ///< [4^k]
  std::vector<std::uint32_t> kmers_;   ///< [count()]
};

}  // namespace paramixer
