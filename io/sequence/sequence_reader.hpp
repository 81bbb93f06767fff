#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "io/sequence/reader_options.hpp"
#include "io/sequence/sequence_format.hpp"
#include "io/sequence/sequence_record.hpp"

struct sam_hdr_t;

namespace paramixer {

/// Reads FASTA, FASTQ, SAM, BAM or CRAM, plain, gzip or BGZF, from a file or stdin ("-"). The
/// format is taken from the content, never from the name, and names are local files, never
/// addresses. Streams: memory is that of one record, plus 11 to 22 bytes per name if names are
/// compared. Not thread-safe; one thread at a time.
///
/// Letters of FASTA and FASTQ are returned unchanged, without white space and, in FASTA, without
/// gaps ('-', '.') and a final '*'. Alignments hold the 16 IUPAC codes only: htslib turns any other
/// letter of a SAM text into N.
///
/// A damaged record is returned with its `damage` set: no name, NUL bytes, wrong number of
/// qualities, no '+' line, a malformed SAM line, a BAM record that contradicts itself.
///
/// These end the reading with an Error that names file and record: missing file, directory, empty
/// file, unreadable file, not a sequence file, truncated gzip, missing BGZF or CRAM end block (on
/// pipes as well), truncated FASTQ or one whose record boundaries are lost, a BAM record of
/// impossible size, undecodable CRAM, CRAM without the reference it needs, a duplicate name under
/// kReject. With threads = 0 the records before a damaged place are all returned; with threads
/// htslib may report damage in compressed data some blocks early.
class SequenceReader {
 public:
  explicit SequenceReader(const std::string& path, ReaderOptions options = {});
  ~SequenceReader();
  SequenceReader(SequenceReader&&) noexcept;
  SequenceReader& operator=(SequenceReader&&) noexcept;

  /// Next record; false at a clean end of the file. Secondary and supplementary alignments are
  /// returned like any other; an alignment without stored bases ("*") has an empty sequence.
  bool next(SequenceRecord& record);

  SequenceFormat format() const noexcept;
  /// "stdin" for "-".
  const std::string& display_name() const noexcept;
  /// Share of the file's bytes that has been read, 0 to 1; empty for pipes. Thread-safe.
  std::optional<double> share_read() const noexcept;
  /// Header of SAM, BAM, CRAM; null for FASTA and FASTQ.
  std::shared_ptr<const sam_hdr_t> header() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paramixer
