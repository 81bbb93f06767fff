#pragma once

#include <string>

struct bam1_t;

namespace paramixer {

/// Writes the bases of an alignment to `sequence` in the orientation of the original read: those of
/// a reverse-strand alignment are reverse-complemented. Alignments store the 16 IUPAC codes, with
/// '=' for "same as the reference"; `sequence` is empty when no bases are stored ("*").
void decode_bases(const bam1_t& alignment, std::string& sequence);

}  // namespace paramixer
