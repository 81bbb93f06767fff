#include "core/simulate/motif_finder.hpp"

#include <algorithm>
#include <cstddef>

#include "core/sequence/alphabet.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

std::uint64_t packed(std::string_view motif) {
  std::uint64_t word = 0;
  for (const char base : motif) word = word << 2 | base_code(base);
  return word;
}

}  // namespace

MotifFinder::MotifFinder(const std::vector<std::string>& motifs)
    : length_(static_cast<std::int64_t>(motifs.front().size())),
      mask_(~std::uint64_t{0} >> (64 - 2 * length_)) {
  for (const std::string& motif : motifs) {
    words_.push_back(packed(motif));
    words_.push_back(packed(reverse_complement(motif)));
  }
}

std::optional<std::int64_t> MotifFinder::find(std::string_view sequence, std::int64_t from) const {
  const auto size = static_cast<std::int64_t>(sequence.size());
  std::uint64_t word = 0;
  for (std::int64_t i = from; i < size; ++i) {
    word = (word << 2 | base_code(sequence[static_cast<std::size_t>(i)])) & mask_;
    if (i - from + 1 >= length_ && std::find(words_.begin(), words_.end(), word) != words_.end()) {
      return i - length_ + 1;
    }
  }
  return std::nullopt;
}

}  // namespace paramixer
