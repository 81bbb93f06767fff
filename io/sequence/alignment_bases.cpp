#include "io/sequence/alignment_bases.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <htslib/sam.h>

namespace paramixer {
namespace {

/// Letters of the 4-bit codes, and of their complements.
constexpr char kLetters[] = "=ACMGRSVTWYHKDBN";
constexpr char kComplements[] = "=TGKCYSBAWRDMHVN";

/// The two letters of a byte, in reading order.
using LetterPairs = std::array<std::array<char, 2>, 256>;

constexpr LetterPairs make_forward_pairs() {
  LetterPairs pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[byte] = {kLetters[byte >> 4], kLetters[byte & 15]};
  }
  return pairs;
}

constexpr LetterPairs make_reverse_pairs() {
  LetterPairs pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[byte] = {kComplements[byte & 15], kComplements[byte >> 4]};
  }
  return pairs;
}

constexpr LetterPairs kForwardPairs = make_forward_pairs();
constexpr LetterPairs kReversePairs = make_reverse_pairs();

void decode_forward(const std::uint8_t* packed, std::size_t count, char* letters) {
  for (std::size_t byte = 0; byte < count / 2; ++byte) {
    std::memcpy(letters + 2 * byte, kForwardPairs[packed[byte]].data(), 2);
  }
  if (count % 2 == 1) letters[count - 1] = kLetters[packed[count / 2] >> 4];
}

void decode_reverse(const std::uint8_t* packed, std::size_t count, char* letters) {
  if (count % 2 == 1) *letters++ = kComplements[packed[count / 2] >> 4];
  for (std::size_t byte = count / 2; byte-- > 0; letters += 2) {
    std::memcpy(letters, kReversePairs[packed[byte]].data(), 2);
  }
}

}  // namespace

void decode_bases(const bam1_t& alignment, std::string& sequence) {
  const auto count = static_cast<std::size_t>(alignment.core.l_qseq);
  sequence.resize(count);
  const std::uint8_t* packed = bam_get_seq(&alignment);
  if (bam_is_rev(&alignment)) {
    decode_reverse(packed, count, sequence.data());
  } else {
    decode_forward(packed, count, sequence.data());
  }
}

}  // namespace paramixer
