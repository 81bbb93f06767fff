#include "core/sequence/strand.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

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

}  // namespace paramixer
