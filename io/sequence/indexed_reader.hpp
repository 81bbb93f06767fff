#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/sequence/region.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// Bases of a region of a FASTA file (plain or BGZF) through its .fai index. An index that is
/// missing or older than the file is made first, and kept beside the file when the folder allows
/// it. An end past the sequence's means its end. Throws Error for an unknown name, a region that
/// begins past the end, or a gzip file that is not BGZF.
std::string fetch_fasta_region(const std::string& path, const Region& region);

/// Names and lengths of all sequences of an indexable FASTA file, in file order; an index leaves
/// out sequences without bases.
std::vector<std::pair<std::string, std::int64_t>> list_fasta_sequences(const std::string& path);

/// Calls `visit` for every alignment of a BAM or CRAM that overlaps the region, through its
/// .bai/.csi/.crai index. Throws Error when the index is missing (and says how to make it), the
/// reference name is unknown, or a record is corrupt.
void for_each_alignment_in_region(const std::string& path, const Region& region,
                                  const std::string& reference,
                                  const std::function<void(const SequenceRecord&)>& visit);

}  // namespace paramixer
