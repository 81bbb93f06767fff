#include "io/labels/table_reader.hpp"

#include <algorithm>
#include <utility>

#include "io/files/input_file.hpp"
#include "io/labels/class_name.hpp"

namespace paramixer {
namespace {

char separator_of(const std::string& header) {
  if (header.find('\t') != std::string::npos) return '\t';
  const auto commas = std::count(header.begin(), header.end(), ',');
  return std::count(header.begin(), header.end(), ';') > commas ? ';' : ',';
}

}  // namespace

TableReader::TableReader(const std::string& path)
    : stream_(open_input(path), display_name_of(path), 0) {
  stream_.skip(kUtf8ByteOrderMark);
  std::string line;
  if (!stream_.next_line(line) || trimmed(line).empty()) {
    fail("has no header line; its first line must name the columns");
  }
  row_line_ = stream_.line();
  separator_ = separator_of(line);
  separator_ == '\t' ? split_plain(line, header_) : split_quoted(line, header_);
  for (std::string& name : header_) name = trimmed(name);
}

bool TableReader::next(std::vector<std::string>& fields) {
  std::string line;
  do {
    if (!stream_.next_line(line)) return false;
  } while (trimmed(line).empty());
  row_line_ = stream_.line();
  separator_ == '\t' ? split_plain(line, fields) : split_quoted(std::move(line), fields);
  return true;
}

void TableReader::split_plain(const std::string& line, std::vector<std::string>& fields) const {
  fields.clear();
  std::size_t start = 0;
  for (std::size_t end = line.find(separator_); end != std::string::npos;
       end = line.find(separator_, start)) {
    fields.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  fields.push_back(line.substr(start));
}

void TableReader::split_quoted(std::string line, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool in_quotes = false;
  for (std::size_t i = 0;; ++i) {
    if (i == line.size()) {
      if (!in_quotes) return;
      if (!stream_.next_line(line)) fail_at_row("opens a quote that is never closed");
      fields.back() += '\n';
      i = static_cast<std::size_t>(-1);
    } else if (line[i] == '"' && in_quotes && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[i++];
    } else if (line[i] == '"' && (in_quotes || trimmed(fields.back()).empty())) {
      in_quotes = !in_quotes;
    } else if (line[i] == separator_ && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
}

void TableReader::fail_at_row(const std::string& message) const {
  fail("line " + std::to_string(row_line_) + ": " + message);
}

}  // namespace paramixer
