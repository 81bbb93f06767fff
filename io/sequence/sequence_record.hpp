#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct bam1_t;

namespace paramixer {

/// One record of a sequence file.
struct SequenceRecord {
  /// As in the file. A record without a name is called `record_N`, where N counts from 1 in its
  /// file.
  std::string name;
  /// FASTA and FASTQ: what follows the name in its line, without blanks at the ends.
  std::string description;
  /// Bases as in the file (case and IUPAC codes kept). For alignments in the orientation of the
  /// original read: a reverse-strand alignment is reverse-complemented back. White space is
  /// removed, and in FASTA also gaps ('-', '.') and a final '*'.
  std::string sequence;
  std::size_t input_number = 0;  ///< Index of the file among the inputs.
  std::int64_t index = 0;        ///< 0-based number of the record in its input.
  bool reverse_strand = false;   ///< The alignment in the file is on the reverse strand.
  bool primary =
      true;  ///< False: a secondary or supplementary alignment, often with some or no bases.
  /// The complete alignment record (flags, tags, qualities) for SAM, BAM, CRAM; null for FASTA and
  /// FASTQ. Shared so that a record can be copied cheaply; never changed after reading.
  std::shared_ptr<const bam1_t> alignment;
  std::string quality;    ///< FASTQ qualities as in the file (Phred+33); empty otherwise.
  std::int64_t gaps = 0;  ///< Gaps and end marks that were removed from a FASTA record.
  int mate = 0;           ///< 1 or 2 for the reads of a pair, 0 for all others.
  /// FASTA: an earlier record of the file has the same name (under DuplicateNames::kWarn).
  bool repeats_name = false;
  /// Why the record cannot be used, although reading can continue after it; empty for a sound
  /// record. The bases and qualities of a damaged record are meaningless.
  std::string damage;

  /// Resets every field but `input_number` and `index`, and keeps the memory.
  void clear() {
    name.clear();
    description.clear();
    sequence.clear();
    quality.clear();
    damage.clear();
    alignment.reset();
    reverse_strand = false;
    primary = true;
    repeats_name = false;
    gaps = 0;
    mate = 0;
  }

  /// The name, with `/1` or `/2` for the reads of a pair unless it ends in that already.
  std::string id() const {
    if (mate == 0) return name;
    const std::string suffix = "/" + std::to_string(mate);
    return name.ends_with(suffix) ? name : name + suffix;
  }
};

}  // namespace paramixer
