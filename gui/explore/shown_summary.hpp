#pragma once

#include <cmath>

#include "core/explain/pyramid.hpp"
#include "gui/explore/view_state.hpp"

namespace paramixer {

/// The number of a summary that is drawn. Of one value all but kMeanAbsolute are that value.
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
