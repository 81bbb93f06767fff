#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sequence/window.hpp"

namespace paramixer {

/// The part of a record that a model sees at once: a window on one strand. Coordinates are 0-based
/// bases.
struct RecordView {
  Window window{};        ///< Part of the record.
  bool reversed = false;  ///< Whether the model sees the reverse complement of the window.
  double weight = 1.0;    ///< Share in the mean over all views of the record.

  /// Base of the record for base `i` of the view, and the inverse. The second may lie outside [0,
  /// window.length): then the view does not hold the base.
  std::int64_t record_position(std::int64_t i) const noexcept {
    return window.start + (reversed ? window.length - 1 - i : i);
  }
  std::int64_t view_position(std::int64_t base) const noexcept {
    return reversed ? window.start + window.length - 1 - base : base - window.start;
  }
};

enum class ViewStrands { kForward, kReverse, kBoth };

/// The views in which a record of `length` bases is classified: windows that cover it, on the given
/// strands, weighted by length. The weights add up to 1.
std::vector<RecordView> record_views(std::int64_t length, std::int64_t window, ViewStrands strands);

/// The bases that the model sees.
std::string bases_of(const RecordView& view, std::string_view record);

}  // namespace paramixer
