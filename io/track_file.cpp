#include "io/track_file.hpp"

#include <htslib/tbx.h>

#include "core/base/error.hpp"
#include "io/htslib_handles.hpp"
#include "io/output_file.hpp"

namespace paramixer {

class TrackFile::Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view text) = 0;
  virtual void commit() = 0;
};

class TrackFile::PlainSink final : public Sink {
 public:
  explicit PlainSink(const std::string& path) : file_(path) {}
  void write(std::string_view text) override { file_.write(text); }
  void commit() override { file_.commit(); }

 private:
  OutputFile file_;
};

class TrackFile::BgzfSink final : public Sink {
 public:
  BgzfSink(std::string path, TrackIndex index)
      : path_(std::move(path)), partial_(partial_path_of(path_)), index_(index) {
    silence_htslib();
    file_.reset(bgzf_open(partial_.c_str(), "w"));
    if (!file_) {
      throw Error({.file = path_},
                  "cannot create the output; check that the folder exists and may be written to");
    }
  }

  void write(std::string_view text) override {
    if (!file_) throw Error({.file = path_}, "nothing can be written after the commit");
    if (bgzf_write(file_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw failure();
    }
  }

  void commit() override {
    if (!file_) return;
    if (bgzf_close(file_.release()) != 0) throw failure();
    if (index_ == TrackIndex::kBed) {
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
    return Error({.file = path_},
                 "cannot write; the output is not complete, make room and run again");
  }

  std::string path_;
  std::string partial_;
  TrackIndex index_;
  BgzfPtr file_;
};

TrackFile::TrackFile(const std::string& path, TrackIndex index) {
  if (is_compressed_name(path)) {
    sink_ = std::make_unique<BgzfSink>(path, index);
  } else {
    sink_ = std::make_unique<PlainSink>(path);
  }
}

TrackFile::~TrackFile() = default;
TrackFile::TrackFile(TrackFile&&) noexcept = default;

void TrackFile::write(std::string_view text) { sink_->write(text); }
void TrackFile::commit() { sink_->commit(); }

bool is_compressed_name(std::string_view path) { return path.ends_with(".gz"); }

}  // namespace paramixer
