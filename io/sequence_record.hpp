#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct bam1_t;

namespace paramixer {

/// One record of a sequence file.
struct SequenceRecord {
  std::string name;
  /// Bases as in the file (case and IUPAC codes kept). For alignments in the orientation of the
  /// original read: a reverse-strand alignment is reverse-complemented back.
  std::string sequence;
  std::int64_t index = 0;       ///< 0-based number of the record in its input.
  bool reverse_strand = false;  ///< The alignment in the file is on the reverse strand.
  bool primary = true;  ///< False: a further alignment of a read, often without or with some bases.
  /// The complete alignment record (flags, tags, qualities) for SAM, BAM, CRAM; null for FASTA and
  /// FASTQ. Shared so that a record can be copied cheaply; never changed after reading.
  std::shared_ptr<const bam1_t> alignment;
  std::string quality;  ///< FASTQ qualities as in the file (Phred+33); empty otherwise.
};

}  // namespace paramixer
