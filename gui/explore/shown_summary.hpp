#pragma once

#include <cmath>

#include "core/explain/pyramid.hpp"
#include "gui/explore/view_state.hpp"

namespace paramixer {

/// The value drawn for a summary. For a single value, all but kMeanAbsolute equal that value.
inline float shown_value(const Summary& summary, ShownSummary shown) noexcept {
  switch (shown) {
    case ShownSummary::kMean:
      return summary.mean;
    case ShownSummary::kMeanAbsolute:
      return summary.mean_absolute;
    default:
      return std::abs(summary.greatest) >= std::abs(summary.least) ? summary.greatest
                                                                   : summary.least;
  }
}

}  // namespace paramixer
