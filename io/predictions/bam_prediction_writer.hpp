#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/files/htslib_handles.hpp"
#include "io/predictions/prediction_writer.hpp"

namespace paramixer {

/// The input's records as BAM or SAM (BGZF when the name says so), with the prediction in the tags
/// xc, xp and xe.
class BamPredictionWriter : public PredictionWriter {
 public:
  explicit BamPredictionWriter(const PredictionWriterOptions& options);

  void write(const SequenceRecord& record, const Prediction& prediction) override;
  void flush() override;
  void commit() override;

 private:
  void open();
  hFILE* stream() const;
  void fill_alignment(const SequenceRecord& record);
  void fill_unaligned(const SequenceRecord& record);
  void set_tags(const SequenceRecord& record, const Prediction& prediction);
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void fail_record(const SequenceRecord& record, const std::string& message) const;
  [[noreturn]] void fail_write() const;

  std::string path_;
  std::string partial_path_;
  PredictionFormat format_;
  std::vector<std::string> classes_;
  HeaderPtr header_;
  HtsPoolPtr pool_;
  HtsFilePtr file_;
  AlignmentPtr alignment_;  ///< Reused.
  std::string quality_;     ///< Reused.
};

}  // namespace paramixer
