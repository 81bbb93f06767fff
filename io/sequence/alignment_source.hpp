#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/files/htslib_handles.hpp"
#include "io/sequence/reader_options.hpp"
#include "io/sequence/record_source.hpp"

namespace paramixer {

/// SAM, BAM or CRAM through htslib, in file order or, with an iterator, those of a region.
class AlignmentSource : public RecordSource {
 public:
  /// `path` and `file` are the same input. Reads the header. Throws Error for a damaged header and
  /// for an `options.reference` that cannot be used.
  AlignmentSource(HFilePtr file, const std::string& path, const ReaderOptions& options);

  bool next(SequenceRecord& record) override;
  SequenceFormat format() const noexcept override { return format_; }
  std::shared_ptr<const sam_hdr_t> header() const noexcept override { return header_; }

  /// Number of a reference sequence in the header. Throws Error for an unknown name.
  int reference_id(const std::string& name);
  std::int64_t reference_length(int id) const { return sam_hdr_tid2len(header_.get(), id); }

  /// From now on next() returns the alignments of reference `id` that overlap the 0-based,
  /// half-open interval. Throws Error when the index is missing.
  void restrict_to(int id, std::int64_t begin, std::int64_t end);

 private:
  enum class Found { kRecord, kDamaged, kEnd };

  void start_threads(int threads);
  Found read(bam1_t& alignment, SequenceRecord& record);
  Found read_sam(bam1_t& alignment, SequenceRecord& record);
  Found read_bam(bam1_t& alignment, SequenceRecord& record);
  /// Puts the next line that is not blank into the file's line buffer.
  bool next_sam_line();
  Found reject_sam_line(SequenceRecord& record);
  void check_end() const;
  std::string place() const;
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void fail_after_last(const std::string& message) const;
  [[noreturn]] void fail_record() const;
  [[noreturn]] void fail_cram_record() const;
  bool is_bgzf() const noexcept;

  std::string path_;
  std::string display_name_;
  std::string reference_;
  HtsPoolPtr pool_;
  HtsFilePtr file_;
  std::shared_ptr<sam_hdr_t> header_;
  HtsIndexPtr index_;
  HtsIteratorPtr iterator_;
  int region_id_ = -1;  ///< Reference sequence of the iterator.
  SequenceFormat format_ = SequenceFormat::kBam;
  std::int64_t records_read_ = 0;
  std::string last_name_;
  std::int64_t sam_line_start_ = -1;  ///< Byte of a plain SAM at which the line begins, if known.
};

}  // namespace paramixer
