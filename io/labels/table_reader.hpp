#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/files/text_stream.hpp"

namespace paramixer {

/// Rows of a TSV or CSV table, plain or gz, with line ends LF, CRLF or CR and with or without a
/// byte order mark. The header line decides: with a tab in it the fields are separated by tabs and
/// quotes mean nothing; otherwise by commas or semicolons, whichever there are more of, with quotes
/// as in RFC 4180.
class TableReader {
 public:
  /// Reads the header line. Throws Error naming the file when there is none.
  explicit TableReader(const std::string& path);

  const std::vector<std::string>& header() const noexcept { return header_; }
  /// Next row that is not blank; false at the end. Throws Error for an open quote.
  bool next(std::vector<std::string>& fields);

  [[noreturn]] void fail(const std::string& message) const { stream_.fail(message); }
  /// Names the line at which the last row began.
  [[noreturn]] void fail_at_row(const std::string& message) const;

 private:
  void split_plain(const std::string& line, std::vector<std::string>& fields) const;
  void split_quoted(std::string line, std::vector<std::string>& fields);

  TextStream stream_;
  std::vector<std::string> header_;
  char separator_ = '\t';
  std::int64_t row_line_ = 0;
};

}  // namespace paramixer
