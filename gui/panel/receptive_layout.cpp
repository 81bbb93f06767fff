#include "gui/panel/receptive_layout.hpp"

#include <algorithm>

#include "gui/paint/axis.hpp"
#include "gui/paint/sequence_letters.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {
namespace {

constexpr double kLeastMatrix = 180.0;
constexpr double kTrackShare = 0.32;
constexpr double kTrackGap = 14.0;
constexpr double kCaption = 18.0;

}  // namespace

ReceptiveLayout::ReceptiveLayout(const QSizeF& size, bool has_pinned) {
  const double width = std::max(size.width() - kLeftMargin - kRightMargin, 1.0);
  const double below = kLetterHeight + kBaseAxisHeight;
  double top = kTopMargin + kCaption;
  if (has_pinned) {
    const double all = size.height() - top - below;
    const double share = std::max(60.0, kTrackShare * size.height());
    const double rest = all - share - kTrackGap - kCaption - kBaseAxisHeight - 4.0;
    const bool both = rest >= kLeastMatrix;
    track = QRectF(kLeftMargin, top, width, std::max(both ? share : all - 4.0, 1.0));
    if (!both) return;
    top = track.bottom() + below + kTrackGap + kCaption;
  }
  const double side = std::max(std::min(size.height() - top - kBaseAxisHeight - 4.0, width), 1.0);
  matrix = QRectF(kLeftMargin, top, side, side);
}

}  // namespace paramixer
