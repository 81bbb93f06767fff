#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace paramixer {

/// How a compressed track gets an index.
enum class TrackIndex {
  kNone,
  kBed,  ///< tabix, columns 1 to 3 as in BED; the lines must be sorted by sequence and start.
};

/// A text output that is compressed as BGZF when its name ends in `.gz`, with a tabix index
/// (PATH.tbi) where one is asked for. Under a temporary name until commit(), like OutputFile; "-"
/// is stdout, uncompressed. Every failure throws Error, also lines that cannot be indexed. Not
/// thread-safe.
class TrackFile {
 public:
  TrackFile(const std::string& path, TrackIndex index);
  ~TrackFile();
  TrackFile(TrackFile&&) noexcept;

  void write(std::string_view text);
  /// Completes the file, makes its index, and gives both their final names.
  void commit();

 private:
  class Sink;
  class PlainSink;
  class BgzfSink;
  std::unique_ptr<Sink> sink_;
};

/// Whether TrackFile compresses an output of this name.
bool is_compressed_name(std::string_view path);

}  // namespace paramixer
