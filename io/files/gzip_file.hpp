#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace paramixer {

/// Text compressed as one plain gzip stream, visible under its final name only when complete, as an
/// OutputFile. Throws Error naming the file for every failure. Not thread-safe.
class GzipFile {
 public:
  explicit GzipFile(std::string path);
  ~GzipFile();
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;

  void write(std::string_view text);
  void commit();

 private:
  struct Stream;
  std::string path_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace paramixer
