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
  /// Bases as in the file (case and IUPAC codes kept). For alignments in the orientation of the
  /// original read: a reverse-strand alignment is reverse-complemented back.
  /// FASTA comes without white space, gaps ('-', '.') and a '*' at the end; FASTQ without white
  /// space.
  std::string sequence;
  std::size_t input_number = 0;  ///< Number of the file among the inputs, where there are several.
  std::int64_t index = 0;        ///< 0-based number of the record in its input.
  bool reverse_strand = false;   ///< The alignment in the file is on the reverse strand.
  bool primary = true;  ///< False: a further alignment of a read, often without or with some bases.
  /// The complete alignment record (flags, tags, qualities) for SAM, BAM, CRAM; null for FASTA and
  /// FASTQ. Shared so that a record can be copied cheaply; never changed after reading.
  std::shared_ptr<const bam1_t> alignment;
  std::string quality;    ///< FASTQ qualities as in the file (Phred+33); empty otherwise.
  std::int64_t gaps = 0;  ///< Gaps and end marks that were removed from a FASTA record.
  int mate = 0;           ///< 1 or 2 for the reads of a pair, 0 for all others.
  /// FASTA: an earlier record of the file has the same name (under DuplicateNames::kWarn).
  bool repeats_name = false;
  /// Why the record cannot be used although the file can be read on after it; empty for a sound
  /// one. The bases and qualities of a damaged record mean nothing.
  std::string damage;

  /// Makes every field as in a new record, but keeps memory, `input_number` and `index`.
  void clear() {
    name.clear();
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
