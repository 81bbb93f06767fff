#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/htslib_handles.hpp"
#include "io/record_source.hpp"

namespace paramixer {

/// SAM, BAM or CRAM through htslib, in file order or, with an iterator, those of a region.
class AlignmentSource : public RecordSource {
 public:
  /// `path` and `file` are the same input. Reads the header. Throws Error for a damaged header and
  /// for a CRAM without `options.reference`.
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
  void set_reference(const std::string& reference);
  void start_threads(int threads);
  void check_end() const;
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void fail_after_last(const std::string& message) const;
  [[noreturn]] void fail_record() const;
  bool is_bgzf() const noexcept;

  std::string path_;
  std::string display_name_;
  HtsPoolPtr pool_;
  HtsFilePtr file_;
  std::shared_ptr<sam_hdr_t> header_;
  HtsIndexPtr index_;
  HtsIteratorPtr iterator_;
  SequenceFormat format_ = SequenceFormat::kBam;
  std::int64_t records_read_ = 0;
  std::string last_name_;
};

}  // namespace paramixer
