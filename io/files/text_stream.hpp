#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/files/htslib_handles.hpp"

namespace paramixer {

/// What some editors put before a text in UTF-8.
inline constexpr std::string_view kUtf8ByteOrderMark = "\xEF\xBB\xBF";

/// Lines of a plain, gzip or BGZF text. They end with LF or CRLF, or with CR alone in a text whose
/// first part holds CRs and not one LF (as old Macs wrote it). UTF-16 text and damage found while
/// decompressing (truncation, a failed checksum, a missing BGZF end block, on pipes as well) throws
/// Error.
class TextStream {
 public:
  /// `threads` decompress BGZF; other files are read by the caller's thread.
  TextStream(HFilePtr file, std::string display_name, int threads);

  /// First byte of the next line without taking it; -1 at the end.
  int peek() { return fill() ? static_cast<unsigned char>(block_.front()) : -1; }
  /// Adds the next line to `text`, without its line end. False at the end.
  bool append_line(std::string& text);
  /// Replaces `text` by the next line. False at the end.
  bool next_line(std::string& text);
  /// What is decompressed but not taken yet; at the start the first part of the file.
  std::string_view buffered() const noexcept { return block_; }
  /// Skips `prefix` if the text continues with it (within the buffer).
  void skip(std::string_view prefix);

  /// Number of the last line taken, from 1.
  std::int64_t line() const noexcept { return line_; }
  const std::string& display_name() const noexcept { return display_name_; }
  /// Record that later errors name; empty for none.
  void set_record(std::string_view name) { record_ = name; }

  /// Throws an Error that names file and record.
  [[noreturn]] void fail(const std::string& message) const;
  /// The same, and the number of the last line.
  [[noreturn]] void fail_at_line(const std::string& message) const;

 private:
  bool fill();
  /// Looks at the first block: what the lines end with, and whether it can be read.
  void inspect_start();

  std::string display_name_;
  std::string record_;
  HtsPoolPtr pool_;
  BgzfPtr file_;
  std::string_view block_;  ///< Decompressed and not taken yet; in the buffer of `file_`.
  char line_end_ = '\0';    ///< Chosen with the first block.
  std::int64_t line_ = 0;
};

}  // namespace paramixer
