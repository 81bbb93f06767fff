#include "io/files/gzip_file.hpp"

#include <utility>

#include "core/base/error.hpp"
#include "io/files/htslib_handles.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {

struct GzipFile::Stream {
  BgzfPtr file;
};

GzipFile::GzipFile(std::string path) : path_(std::move(path)), stream_(std::make_unique<Stream>()) {
  // Mode g: one gzip stream, not blocks.
  stream_->file.reset(bgzf_open(partial_path_of(path_).c_str(), "wg"));
  if (!stream_->file) {
    throw Error({.file = path_}, "cannot be created; check that its folder exists and is writable");
  }
}

GzipFile::~GzipFile() = default;

void GzipFile::write(std::string_view text) {
  const ssize_t written = bgzf_write(stream_->file.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) {
    throw Error({.file = path_}, "cannot be written; is the disk full?");
  }
}

void GzipFile::commit() {
  if (bgzf_close(stream_->file.release()) != 0) {
    throw Error({.file = path_}, "cannot be written to its end; is the disk full?");
  }
  commit_partial_file(partial_path_of(path_), path_);
}

}  // namespace paramixer
