#pragma once

#include <QPainter>
#include <QRectF>
#include <QString>
#include <array>

#include "gui/explore/view_state.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {

/// A diverging colour scale: 0 is the panel's background, -limit and +limit the two full colours.
/// Values beyond the limit get the full colour, NaN the surface colour.
class ColorScale {
 public:
  ColorScale(PaletteName palette, double limit, const Theme& theme);

  QRgb color(float value) const noexcept;
  /// The full colour of a value's sign, the more transparent the smaller it is: for lines that lie
  /// over each other.
  QColor clear_color(float value) const;
  double limit() const noexcept { return limit_; }

 private:
  static constexpr int kHalf = 127;

  double limit_;
  std::array<QRgb, 2 * kHalf + 1> colors_{};
  QRgb none_ = 0;
};

/// A vertical legend of the scale with its numbers: -limit, 0, +limit and what they measure.
void draw_color_legend(QPainter& painter, const QRectF& area, const ColorScale& scale,
                       const QString& unit, const Theme& theme);

}  // namespace paramixer
