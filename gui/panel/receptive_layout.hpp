#pragma once

#include <QRectF>
#include <QSizeF>

namespace paramixer {

/// Where the row or column of the pinned base is, and where the matrix: the first above the second
/// when there is room for both.
struct ReceptiveLayout {
  QRectF track;   ///< Bars; below them letters and ruler. Empty without a pinned base.
  QRectF matrix;  ///< A square; empty when there is no room.

  ReceptiveLayout(const QSizeF& size, bool has_pinned);
};

}  // namespace paramixer
