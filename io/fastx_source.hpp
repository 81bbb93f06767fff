#pragma once

#include <memory>
#include <string>

#include "io/htslib_handles.hpp"
#include "io/record_source.hpp"
#include "io/text_stream.hpp"

namespace paramixer {

/// FASTA or FASTQ, told apart by the first letter. Both may be wrapped over several lines. Letters
/// are handed on as they are in the file; htslib's own parser would turn what is no nucleotide code
/// into N.
class FastxSource : public RecordSource {
 public:
  /// Throws Error when the text starts like neither format.
  FastxSource(HFilePtr file, const std::string& display_name, int threads);

  bool next(SequenceRecord& record) override;
  SequenceFormat format() const noexcept override { return format_; }
  std::shared_ptr<const sam_hdr_t> header() const noexcept override { return nullptr; }

 private:
  [[noreturn]] void fail_unknown_start();
  void read_name(SequenceRecord& record);
  void read_fasta_bases(SequenceRecord& record);
  void read_fastq_bases(SequenceRecord& record);
  void read_fastq_quality(SequenceRecord& record);

  TextStream stream_;
  SequenceFormat format_ = SequenceFormat::kFasta;
  std::string line_;  ///< Reused for header lines.
};

}  // namespace paramixer
