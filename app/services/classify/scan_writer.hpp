#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/services/classify/scan.hpp"
#include "core/sequence/window.hpp"

namespace paramixer {

/// What the windows of a record say.
struct ScannedRecord {
  std::string sequence;           ///< In whose coordinates the windows are.
  std::vector<Window> windows{};  ///< Ascending.
  /// One row of class probabilities per window; all kNoAnswer (core/explain/window_calls.hpp)
  /// without evidence.
  std::vector<float> probabilities{};
  std::int64_t no_evidence = 0;  ///< Windows of that kind.
  /// Runs of unknown bases too long for a window with evidence.
  std::vector<Window> gaps{};
  std::string rejected{};  ///< Why there are none; empty if nothing is wrong.
};

/// An output of one format.
class ScanWriter {
 public:
  virtual ~ScanWriter() = default;
  virtual void write(const ScannedRecord& scanned) = 0;
  virtual void commit() = 0;
};

/// Opens the outputs. `classes` must outlive the writer. Throws Error, of kind kUsage for a class
/// that the model does not have and for an output that does not fit the format.
std::unique_ptr<ScanWriter> make_scan_writer(const ScanOptions& options,
                                             const std::vector<std::string>& classes);

}  // namespace paramixer
