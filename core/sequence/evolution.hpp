#pragma once

#include <string>
#include <string_view>

#include "core/base/random.hpp"
#include "core/sequence/window.hpp"

namespace paramixer {

/// The longest stretch of whole codons without a stop in one of three frames of `bases`; the first
/// of equals. Codons with an ambiguous letter do not end it.
Window longest_open_stretch(std::string_view bases);

/// A simulated relative of a sequence. The longest open stretch of the six frames is taken for
/// coding: of its codons a share `divergence` (0 to 1) encodes another amino acid
/// (AminoAcidExchange), as many others become synonyms, and one in fifty of the changed ones is
/// lost or gets a new codon beside it. Outside, bases are substituted at half the rate. Codons with
/// an ambiguous letter stay.
std::string evolved(std::string_view bases, double divergence, Random& random);

}  // namespace paramixer
