#include "core/sequence/strand.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

constexpr std::array<char, 256> make_complements() {
  std::array<char, 256> complements{};
  for (std::size_t i = 0; i < complements.size(); ++i) complements[i] = static_cast<char>(i);
  constexpr std::string_view letters = "ACGTURYKMBVDHacgturykmbvdh";
  constexpr std::string_view partners = "TGCAAYRMKVBHDtgcaayrmkvbhd";
  for (std::size_t i = 0; i < letters.size(); ++i) {
    complements[static_cast<unsigned char>(letters[i])] = partners[i];
  }
  return complements;
}

constexpr auto kComplements = make_complements();

}  // namespace

std::string reverse_complement(std::string_view sequence) {
  std::string result(sequence.size(), '\0');
  std::transform(sequence.rbegin(), sequence.rend(), result.begin(),
                 [](char letter) { return kComplements[static_cast<unsigned char>(letter)]; });
  return result;
}

bool other_strand_is_canonical(std::string_view sequence) noexcept {
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const std::uint8_t own = base_code(sequence[i]);
    const std::uint8_t last = base_code(sequence[sequence.size() - 1 - i]);
    const std::uint8_t other =
        last < kAmbiguousCode ? static_cast<std::uint8_t>(kCodeT - last) : last;
    if (own != other) return other < own;
  }
  return false;
}

}  // namespace paramixer
