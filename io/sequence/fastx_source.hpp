#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/files/htslib_handles.hpp"
#include "io/files/text_stream.hpp"
#include "io/sequence/record_source.hpp"

namespace paramixer {

/// FASTA or FASTQ, distinguished by the first letter. Both may be wrapped over several lines. White
/// space inside sequences is removed, and so are gaps and a final '*' in FASTA records. All other
/// letters are passed on unchanged; htslib's own parser would turn anything that is not a
/// nucleotide code into N.
class FastxSource : public RecordSource {
 public:
  /// Throws Error when the text starts like neither format.
  FastxSource(HFilePtr file, const std::string& display_name, int threads);

  bool next(SequenceRecord& record) override;
  SequenceFormat format() const noexcept override { return format_; }
  std::shared_ptr<const sam_hdr_t> header() const noexcept override { return nullptr; }

 private:
  [[noreturn]] void fail_unknown_start();
  [[noreturn]] void fail_no_mark();
  void refuse_marked_sam() const;
  void skip_blank_lines();
  void read_name(SequenceRecord& record);
  void read_fasta_bases(SequenceRecord& record);
  /// The number of lines with bases.
  int read_fastq_bases(SequenceRecord& record);
  void read_fastq_quality(SequenceRecord& record, int base_lines);
  bool append_quality_line(std::string& quality);
  void check_quality_length(SequenceRecord& record, int quality_lines, std::int64_t first_line);
  /// Adds the bases of the next line to the sequence.
  void append_bases(SequenceRecord& record);
  void clean_line(SequenceRecord& record, std::size_t start);

  TextStream stream_;
  SequenceFormat format_ = SequenceFormat::kFasta;
  std::int64_t records_read_ = 0;
  std::string line_;  ///< Reused for header lines.
};

}  // namespace paramixer
