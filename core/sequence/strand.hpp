#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Reverse complement of a nucleotide sequence. IUPAC codes map to their complements (R<->Y, K<->M,
/// B<->V, D<->H; S, W and N stay), U becomes A, case is kept, and letters that are not nucleotide
/// codes are copied as they are.
std::string reverse_complement(std::string_view sequence);

/// Whether the other strand is the canonical one: the first of the two by the codes of its bases
/// (core/sequence/alphabet.hpp). True for at most one of a sequence and its reverse complement.
bool other_strand_is_canonical(std::string_view sequence) noexcept;

}  // namespace paramixer
