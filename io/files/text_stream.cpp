#include "io/files/text_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

/// By its byte order mark, or by the NUL in each of the first two letters.
bool is_utf16(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  if (text.size() < 4) return false;
  return (text[0] == '\0') != (text[1] == '\0') && (text[0] == '\0') == (text[2] == '\0') &&
         (text[1] == '\0') == (text[3] == '\0');
}

}  // namespace

TextStream::TextStream(HFilePtr file, std::string display_name, int threads)
    : display_name_(std::move(display_name)) {
  errno = 0;
  file_.reset(bgzf_hopen(file.get(), "r"));
  if (!file_ && errno == ENOMEM) fail("cannot be read: out of memory");
  if (!file_) fail("cannot be read; is it a damaged gzip file?");
  static_cast<void>(file.release());
  if (bgzf_compression(file_.get()) == bgzf) {
    pool_ = make_hts_pool(threads);
    if (pool_ && bgzf_thread_pool(file_.get(), pool_.get(), 0) != 0) {
      fail("cannot start the decompression threads");
    }
  }
}

bool TextStream::fill() {
  if (!block_.empty()) return true;
  // Block by block, in htslib's own buffer: nothing is copied, and bgzf_read() would drop the good
  // blocks before a bad one.
  if (bgzf_read_block(file_.get()) != 0) fail(bgzf_failure(*file_));
  block_ = {static_cast<const char*>(file_->uncompressed_block),
            static_cast<std::size_t>(file_->block_length)};
  // Set by htslib when the last block before the end was not the empty one; this needs no seeking.
  if (block_.empty() && file_->no_eof_block != 0) fail(kMissingEndBlock);
  if (line_end_ == '\0') inspect_start();
  return !block_.empty();
}

void TextStream::inspect_start() {
  if (is_utf16(block_)) {
    fail("is UTF-16 text; convert it, for example with: iconv -f UTF-16 -t UTF-8 FILE > NEW");
  }
  const bool old_mac =
      block_.find('\n') == std::string_view::npos && block_.find('\r') != std::string_view::npos;
  line_end_ = old_mac ? '\r' : '\n';
}

bool TextStream::append_line(std::string& text) {
  if (!fill()) return false;
  const std::size_t start = text.size();
  do {
    const std::size_t length = std::min(block_.find(line_end_), block_.size());
    text.append(block_, 0, length);
    const bool is_whole = length < block_.size();
    block_.remove_prefix(is_whole ? length + 1 : length);
    if (is_whole) break;
  } while (fill());
  ++line_;
  if (text.size() > start && text.back() == '\r') text.pop_back();
  return true;
}

bool TextStream::next_line(std::string& text) {
  text.clear();
  return append_line(text);
}

void TextStream::skip(std::string_view prefix) {
  if (fill() && block_.starts_with(prefix)) block_.remove_prefix(prefix.size());
}

void TextStream::fail(const std::string& message) const {
  throw Error({.file = display_name_, .record = record_}, message);
}

void TextStream::fail_at_line(const std::string& message) const {
  fail("line " + std::to_string(line_) + ": " + message);
}

}  // namespace paramixer
