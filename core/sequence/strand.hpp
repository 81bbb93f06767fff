#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Reverse complement of a nucleotide sequence. IUPAC codes map to their complements (R<->Y, K<->M,
/// B<->V, D<->H; S, W and N stay), U becomes A, case is kept, and letters that are not nucleotide
/// codes are copied as they are.
std::string reverse_complement(std::string_view sequence);

}  // namespace paramixer
