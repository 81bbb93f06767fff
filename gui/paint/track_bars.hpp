#pragma once

#include <QPainter>
#include <QRectF>

#include "app/services/explore/value_track.hpp"
#include "gui/paint/axis.hpp"
#include "gui/paint/palette.hpp"

namespace paramixer {

/// A value per base as bars from zero: a bar per base, or a pixel column from the least to the
/// greatest value that it stands for. Positive and negative bars have the two ends' colours of the
/// palette.
class TrackBars {
 public:
  TrackBars(const ValueTrack& track, const BaseScale& scale);

  /// The least and the greatest visible value, 0 included, with a little room; [-1, 1] when all are
  /// zero or missing.
  ValueAxis axis(const QString& caption) const;
  void draw(QPainter& painter, const QRectF& area, const ValueAxis& axis,
            const ColorScale& colors) const;
  /// Bases that one bar stands for.
  double bases_per_bar() const noexcept { return bases_per_bar_; }

 private:
  BaseScale scale_;
  double first_ = 0.0;
  double bases_per_bar_ = 1.0;
  std::vector<Summary> bars_;
};

/// The smallest axis that has room for both.
ValueAxis joined(const ValueAxis& one, const ValueAxis& other);

}  // namespace paramixer
