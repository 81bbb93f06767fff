#pragma once

#include <memory>
#include <string>

#include "io/sequence/sequence_format.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// A stream of records of one format. SequenceReader chooses the source by the file's content.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// Fills every field of `record` but `index` and `repeats_name`; false at a clean end of the
  /// file. A damaged record has its `damage` set; damage that prevents further reading throws
  /// Error.
  virtual bool next(SequenceRecord& record) = 0;
  virtual SequenceFormat format() const noexcept = 0;
  /// Null for FASTA and FASTQ.
  virtual std::shared_ptr<const sam_hdr_t> header() const noexcept = 0;
};

}  // namespace paramixer
