#include "gui/paint/track_bars.hpp"

#include <algorithm>
#include <cmath>

namespace paramixer {
namespace {

constexpr double kRoom = 0.06;  ///< Share of the axis left free above and below.

}  // namespace

TrackBars::TrackBars(const ValueTrack& track, const BaseScale& scale) : scale_(scale) {
  double end = scale.end;
  auto count = static_cast<std::int64_t>(std::ceil(scale.width));
  if (scale.pixels_per_base() >= 1.0) {
    first_ = std::floor(scale.begin);
    end = std::ceil(scale.end);
    count = std::llround(end - first_);
  } else {
    first_ = scale.begin;
  }
  count = std::max<std::int64_t>(count, 1);
  bases_per_bar_ = (end - first_) / static_cast<double>(count);
  bars_ = track.columns(first_, end, count);
}

ValueAxis TrackBars::axis(const QString& caption) const {
  ValueAxis axis{.low = 0.0, .high = 0.0, .caption = caption};
  for (const Summary& bar : bars_) {
    if (std::isnan(bar.mean)) continue;
    axis.low = std::min(axis.low, static_cast<double>(bar.least));
    axis.high = std::max(axis.high, static_cast<double>(bar.greatest));
  }
  const double room = kRoom * (axis.high - axis.low);
  if (room == 0.0) return {-1.0, 1.0, caption};
  if (axis.low < 0.0) axis.low -= room;
  if (axis.high > 0.0) axis.high += room;
  return axis;
}

void TrackBars::draw(QPainter& painter, const QRectF& area, const ValueAxis& axis,
                     const ColorScale& colors) const {
  const auto y = [&](double value) {
    return area.bottom() - (value - axis.low) / (axis.high - axis.low) * area.height();
  };
  const auto full = static_cast<float>(colors.limit());
  const QColor positive(colors.color(full));
  const QColor negative(colors.color(-full));
  const double width = bases_per_bar_ * scale_.pixels_per_base();
  const double gap = width > 6.0 ? 1.0 : 0.0;
  painter.save();
  painter.setClipRect(area);
  painter.setRenderHint(QPainter::Antialiasing, width > 2.0);
  for (std::size_t i = 0; i < bars_.size(); ++i) {
    const Summary& bar = bars_[i];
    if (std::isnan(bar.mean)) continue;
    const double left = scale_.x(first_ + static_cast<double>(i) * bases_per_bar_);
    const auto fill = [&](double value, const QColor& color) {
      const double top = std::min(y(value), y(0.0));
      painter.fillRect(QRectF(left, top, std::max(width - gap, 1.0), std::abs(y(value) - y(0.0))),
                       color);
    };
    if (bar.greatest > 0.0F) fill(bar.greatest, positive);
    if (bar.least < 0.0F) fill(bar.least, negative);
  }
  painter.restore();
}

ValueAxis joined(const ValueAxis& one, const ValueAxis& other) {
  return {std::min(one.low, other.low), std::max(one.high, other.high), one.caption};
}

}  // namespace paramixer
