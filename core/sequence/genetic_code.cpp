#include "core/sequence/genetic_code.hpp"

#include <cstddef>

#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

constexpr std::array<std::uint8_t, 64> make_codons() {
  // The usual printed table: first base slowest, third fastest, each in the order T C A G.
  constexpr std::string_view table =
      "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG";
  constexpr std::size_t order[4] = {kCodeT, kCodeC, kCodeA, kCodeG};
  std::array<std::uint8_t, 64> codons{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::size_t codon = 16 * order[i / 16] + 4 * order[i / 4 % 4] + order[i % 4];
    codons[codon] = static_cast<std::uint8_t>(kAminoAcids.find(table[i]));
  }
  return codons;
}

}  // namespace

constinit const std::array<std::uint8_t, 64> kCodonAminoAcids = make_codons();

}  // namespace paramixer
