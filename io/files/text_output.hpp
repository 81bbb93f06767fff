#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "io/files/output_file.hpp"

namespace paramixer {

/// Index of a compressed text.
enum class TrackIndex {
  kNone,
  kBed,  ///< tabix, columns 1 to 3 as in BED; the lines must be sorted by sequence and start.
};

/// A text output that is compressed as BGZF when its name says so (is_compressed_name), with a
/// tabix index (PATH.tbi) if requested. Under a temporary name until commit(), like OutputFile; "-"
/// is stdout, uncompressed. A resumed output continues at the end of its partial file, whose
/// damaged end recover_partial_predictions() has removed. Every failure throws Error, including
/// lines that cannot be indexed. Not thread-safe.
class TextOutput {
 public:
  explicit TextOutput(const std::string& path, TrackIndex index = TrackIndex::kNone);
  TextOutput(const std::string& path, OutputStart start);
  ~TextOutput();
  TextOutput(TextOutput&&) noexcept;

  void write(std::string_view text);
  /// Passes everything written so far to the operating system; in BGZF this ends a block.
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
