#include "core/sequence/canonical_kmers.hpp"

#include <cstddef>

namespace paramixer {
namespace {

/// Complementary bases have codes that add up to 3 (core/sequence/alphabet.hpp).
std::uint32_t reverse_complement(std::uint32_t kmer, int k) {
  std::uint32_t reversed = 0;
  for (int i = 0; i < k; ++i, kmer >>= 2) reversed = reversed << 2 | (3 - (kmer & 3));
  return reversed;
}

}  // namespace

CanonicalKmers::CanonicalKmers(int k) : numbers_(std::size_t{1} << (2 * k)) {
  for (std::uint32_t kmer = 0; kmer < numbers_.size(); ++kmer) {
    const std::uint32_t other = reverse_complement(kmer, k);
    if (other < kmer) {
      numbers_[kmer] = numbers_[other];
    } else {
      numbers_[kmer] = static_cast<std::int32_t>(kmers_.size());
      kmers_.push_back(kmer);
    }
  }
}

}  // namespace paramixer
