#pragma once

#include <QPainter>
#include <QRectF>
#include <QString>
#include <cstdint>
#include <vector>

#include "gui/paint/theme.hpp"

namespace paramixer {

/// About `most` round numbers (1, 2, 5 x 10^k apart) in [begin, end]; none for an empty range.
std::vector<double> round_ticks(double begin, double end, int most);

/// Digits in groups of three: 1,048,576.
QString grouped(std::int64_t number);
/// At most four significant digits, with the sign of typography: −0.0123.
QString short_number(double number, int digits = 4);

/// Where bases of the visible range lie on the screen.
struct BaseScale {
  double begin = 0.0;  ///< Bases [begin, end) fill [left, left + width).
  double end = 1.0;
  double left = 0.0;
  double width = 1.0;

  double pixels_per_base() const noexcept { return width / (end - begin); }
  double x(double base) const noexcept { return left + (base - begin) * pixels_per_base(); }
  double base(double x) const noexcept { return begin + (x - left) / pixels_per_base(); }
};

/// Draws a ruler of 1-based positions along the bottom of `area` (its upper edge is the axis), with
/// the unit. Ticks stand in the middle of their base.
void draw_base_axis(QPainter& painter, const QRectF& area, const BaseScale& scale,
                    const Theme& theme);
inline constexpr double kBaseAxisHeight = 34.0;

/// Draws a vertical axis of numbers at the left edge of `area`, lines across it, and its caption.
/// `low` is at the bottom.
struct ValueAxis {
  double low = 0.0;
  double high = 1.0;
  QString caption{};
};
void draw_value_axis(QPainter& painter, const QRectF& area, const ValueAxis& axis,
                     const Theme& theme);
/// Upright text `distance` left of an area, in its middle; nothing when it is too long for that.
void draw_axis_caption(QPainter& painter, const QRectF& area, double distance, const QString& text,
                       const Theme& theme);

/// A note in the middle of an area that says why nothing is drawn there.
void draw_note(QPainter& painter, const QRectF& area, const QString& text, const Theme& theme);

}  // namespace paramixer
