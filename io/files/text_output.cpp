#include "io/files/text_output.hpp"

#include <cerrno>
#include <cstring>
#include <htslib/tbx.h>

#include "core/base/error.hpp"
#include "io/files/htslib_handles.hpp"
#include "io/files/output_file.hpp"
#include "io/files/output_name.hpp"

namespace paramixer {

class TextOutput::Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view text) = 0;
  virtual void flush() = 0;
  virtual void commit() = 0;
};

class TextOutput::PlainSink final : public Sink {
 public:
  PlainSink(const std::string& path, OutputStart start) : file_(path, start) {}
  void write(std::string_view text) override { file_.write(text); }
  void flush() override { file_.flush(); }
  void commit() override { file_.commit(); }

 private:
  OutputFile file_;
};

class TextOutput::BgzfSink final : public Sink {
 public:
  BgzfSink(std::string path, TrackIndex index, OutputStart start)
      : path_(std::move(path)), partial_(partial_path_of(path_)), index_(index) {
    silence_htslib();
    check_output_place(path_);
    if (start == OutputStart::kResume) refuse_in_place(path_);
    errno = 0;
    file_.reset(bgzf_open(partial_.c_str(), start == OutputStart::kResume ? "a" : "w"));
    if (!file_) throw cannot_create_output(path_, errno);
  }

  void write(std::string_view text) override {
    if (!file_) throw Error({.file = path_}, "nothing can be written after the commit");
    if (bgzf_write(file_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw failure();
    }
  }

  void flush() override {
    if (file_ && (bgzf_flush(file_.get()) != 0 || hflush(file_->fp) != 0)) throw failure();
  }

  void commit() override {
    if (!file_) return;
    flush();
    errno = 0;
    if (bgzf_close(file_.release()) != 0) throw failure();
    if (index_ == TrackIndex::kBed && partial_ != path_) {
      const std::string partial_index = partial_path_of(path_ + ".tbi");
      if (tbx_index_build2(partial_.c_str(), partial_index.c_str(), 0, &tbx_conf_bed) != 0) {
        throw Error({.file = path_},
                    "cannot be indexed: tabix takes sequences of up to 512 Mb; choose a name "
                    "without .gz");
      }
      commit_partial_file(partial_, path_);
      commit_partial_file(partial_index, path_ + ".tbi");
    } else {
      commit_partial_file(partial_, path_);
    }
  }

 private:
  Error failure() const {
    // The file keeps the cause of its failure; errno may be older, or that of another thread.
    const int error_number = file_ ? herrno(file_->fp) : errno;
    const std::string cause =
        error_number == 0 ? "" : std::string(": ") + std::strerror(error_number);
    return Error({.file = path_},
                 "cannot write" + cause + "; the output is not complete, make room and run again");
  }

  std::string path_;
  std::string partial_;
  TrackIndex index_;
  BgzfPtr file_;
};

TextOutput::TextOutput(const std::string& path, TrackIndex index) {
  if (is_compressed_name(path)) {
    sink_ = std::make_unique<BgzfSink>(path, index, OutputStart::kFresh);
  } else {
    sink_ = std::make_unique<PlainSink>(path, OutputStart::kFresh);
  }
}

TextOutput::TextOutput(const std::string& path, OutputStart start) {
  if (is_compressed_name(path)) {
    sink_ = std::make_unique<BgzfSink>(path, TrackIndex::kNone, start);
  } else {
    sink_ = std::make_unique<PlainSink>(path, start);
  }
}

TextOutput::~TextOutput() = default;
TextOutput::TextOutput(TextOutput&&) noexcept = default;

void TextOutput::write(std::string_view text) { sink_->write(text); }
void TextOutput::flush() { sink_->flush(); }
void TextOutput::commit() { sink_->commit(); }

}  // namespace paramixer
