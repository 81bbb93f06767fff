#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "io/files/output_file.hpp"

namespace paramixer {

/// How a compressed text gets an index.
enum class TrackIndex {
  kNone,
  kBed,  ///< tabix, columns 1 to 3 as in BED; the lines must be sorted by sequence and start.
};

/// A text output that is compressed as BGZF when its name says so (is_compressed_name), with a
/// tabix index (PATH.tbi) where one is asked for. Under a temporary name until commit(), like
/// OutputFile; "-" is stdout, uncompressed. A resumed output goes on at the end of its partial
/// file, whose damaged end recover_partial_predictions() has cut off. Every failure throws Error,
/// also lines that cannot be indexed. Not thread-safe.
class TextOutput {
 public:
  explicit TextOutput(const std::string& path, TrackIndex index = TrackIndex::kNone);
  TextOutput(const std::string& path, OutputStart start);
  ~TextOutput();
  TextOutput(TextOutput&&) noexcept;

  void write(std::string_view text);
  /// Hands everything written so far to the operating system; in BGZF this ends a block.
  void flush();
  /// Completes the file, makes its index, and gives both their final names.
  void commit();

 private:
  class Sink;
  class PlainSink;
  class BgzfSink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace paramixer
