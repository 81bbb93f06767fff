#include "io/predictions/bam_prediction_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "core/base/error.hpp"
#include "io/files/output_file.hpp"
#include "io/files/output_name.hpp"
#include "io/predictions/prediction_fields.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kMaxNameLetters = 254;
constexpr char kQualityOffset = 33;

/// A value of a header line, which tabs and line ends would break; "." for an empty one.
std::string header_value(const std::string& text) {
  std::string value;
  append_field(value, text);
  return value.empty() ? "." : value;
}

HeaderPtr make_header(const PredictionWriterOptions& options) {
  HeaderPtr header(options.header ? sam_hdr_dup(options.header.get()) : sam_hdr_init());
  if (!header) throw Error({.file = options.path}, "the header of the input cannot be copied");
  int status = 0;
  if (!options.header) {
    status = sam_hdr_add_line(header.get(), "HD", "VN", "1.6", "SO", "unknown", nullptr);
  }
  if (status == 0) {
    status = sam_hdr_add_pg(header.get(), "paramixer", "PN", "paramixer", "VN",
                            header_value(options.program_version).c_str(), "CL",
                            header_value(options.command_line).c_str(), nullptr);
  }
  if (status != 0) {
    throw Error({.file = options.path},
                "no @PG line can be added, because the header of the input is malformed");
  }
  return header;
}

}  // namespace

BamPredictionWriter::BamPredictionWriter(const PredictionWriterOptions& options)
    : path_(options.path),
      partial_path_(partial_path_of(options.path)),
      format_(options.format),
      classes_(options.classes),
      header_(make_header(options)),
      pool_(format_ == PredictionFormat::kBam ? make_hts_pool(options.threads) : nullptr),
      alignment_(make_alignment()) {
  if (options.start == OutputStart::kResume) {
    throw usage_error("BAM and SAM output cannot be resumed; use TSV or JSONL, or start over");
  }
  open();
  if (sam_hdr_write(file_.get(), header_.get()) != 0) fail_write();
}

hFILE* BamPredictionWriter::stream() const {
  return file_->is_bgzf != 0 ? file_->fp.bgzf->fp : file_->fp.hfile;
}

void BamPredictionWriter::open() {
  silence_htslib();
  check_output_place(path_);
  const bool is_stdout = path_ == "-";
  const int descriptor =
      is_stdout ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                : ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) throw cannot_create_output(path_, errno);
  HFilePtr file(hdopen(descriptor, "w"));
  if (!file) {
    close(descriptor);
    throw cannot_create_output(path_, ENOMEM);
  }
  const char* mode = format_ == PredictionFormat::kBam ? "wb"
                     : is_compressed_name(path_)       ? "wz"
                                                       : "w";
  file_.reset(hts_hopen(file.get(), partial_path_.c_str(), mode));
  if (!file_) throw cannot_create_output(path_, ENOMEM);
  static_cast<void>(file.release());
  if (pool_) {
    htsThreadPool shared{pool_.get(), 0};
    if (hts_set_thread_pool(file_.get(), &shared) != 0) fail("cannot start the threads");
  }
}

void BamPredictionWriter::write(const SequenceRecord& record, const Prediction& prediction) {
  if (!file_) fail("nothing can be written after the commit");
  if (record.alignment) {
    fill_alignment(record);
  } else {
    fill_unaligned(record);
  }
  set_tags(record, prediction);
  if (sam_write1(file_.get(), header_.get(), alignment_.get()) < 0) fail_write();
}

void BamPredictionWriter::fill_alignment(const SequenceRecord& record) {
  const bam1_core_t& core = record.alignment->core;
  if (std::max(core.tid, core.mtid) >= sam_hdr_nref(header_.get())) {
    fail_record(record, "its reference sequence is not in the header of the output");
  }
  if (bam_copy1(alignment_.get(), record.alignment.get()) == nullptr) {
    fail_record(record, "out of memory");
  }
}

void BamPredictionWriter::fill_unaligned(const SequenceRecord& record) {
  const std::size_t name_letters = record.name.size();
  if (name_letters > kMaxNameLetters) {
    fail_record(record, "a BAM name has at most 254 letters, this one has " +
                            std::to_string(name_letters) + "; shorten it or write TSV");
  }
  quality_ = record.quality;
  for (char& letter : quality_) letter = static_cast<char>(letter - kQualityOffset);
  const bool has_quality = !quality_.empty() && quality_.size() == record.sequence.size();
  if (bam_set1(alignment_.get(), name_letters, record.name.c_str(), BAM_FUNMAP, -1, -1, 0, 0,
               nullptr, -1, -1, 0, record.sequence.size(), record.sequence.data(),
               has_quality ? quality_.data() : nullptr, 0) < 0) {
    fail_record(record, "it is too long for BAM; write TSV");
  }
}

void BamPredictionWriter::set_tags(const SequenceRecord& record, const Prediction& prediction) {
  bam1_t* alignment = alignment_.get();
  for (const char* tag : {"xc", "xp", "xe", "xn"}) {
    std::uint8_t* old = bam_aux_get(alignment, tag);
    if (old != nullptr && bam_aux_del(alignment, old) != 0) {
      fail_record(record, std::string("its tag ") + tag + " cannot be replaced");
    }
  }
  if (!has_class(prediction)) return;
  const std::string name(reported_class(prediction, classes_));
  bool added =
      bam_aux_update_str(alignment, "xc", static_cast<int>(name.size()) + 1, name.c_str()) == 0;
  if (prediction.status == RecordStatus::kOk) {
    const float probability = prediction.probabilities[static_cast<std::size_t>(prediction.best)];
    added = added && bam_aux_update_float(alignment, "xp", probability) == 0 &&
            bam_aux_update_float(alignment, "xe", prediction.entropy) == 0 &&
            bam_aux_update_float(alignment, "xn", prediction.novelty) == 0;
  }
  if (!added) fail_record(record, "its tags are malformed, so none can be added");
}

void BamPredictionWriter::flush() {
  if (file_ && (hts_flush(file_.get()) != 0 || hflush(stream()) != 0)) fail_write();
}

void BamPredictionWriter::commit() {
  if (!file_) return;
  flush();
  errno = 0;
  if (hts_close(file_.release()) != 0) fail_write();
  commit_partial_file(partial_path_, path_);
}

void BamPredictionWriter::fail(const std::string& message) const {
  throw Error({.file = path_ == "-" ? "stdout" : path_}, message);
}

void BamPredictionWriter::fail_record(const SequenceRecord& record,
                                      const std::string& message) const {
  throw Error({.file = path_ == "-" ? "stdout" : path_, .record = record.name}, message);
}

void BamPredictionWriter::fail_write() const {
  // The file keeps the cause of its failure; errno may be older, or that of another thread.
  const int error_number = file_ ? herrno(stream()) : errno;
  const std::string cause =
      error_number == 0 ? "" : std::string(": ") + std::strerror(error_number);
  fail("cannot write" + cause + "; the output is not complete, make room and run again");
}

}  // namespace paramixer
