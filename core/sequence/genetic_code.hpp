#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace paramixer {

/// One-letter codes of the amino acids in alphabetical order, then '*' for a stop: the digits of
/// peptide tokens.
inline constexpr std::string_view kAminoAcids = "ACDEFGHIKLMNPQRSTVWY*";

/// Amino acid (index into kAminoAcids) of every codon in the standard genetic code. A codon's
/// number is 16 first + 4 second + third, with the codes of base_code.
extern const std::array<std::uint8_t, 64> kCodonAminoAcids;

}  // namespace paramixer
