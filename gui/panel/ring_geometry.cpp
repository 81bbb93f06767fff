#include "gui/panel/ring_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace paramixer {
namespace {

constexpr double kOutside = 40.0;  ///< For labels, on each side.
constexpr double kDegrees = 180.0 / std::numbers::pi;

const Window& shown_window(const Scene& scene) {
  const auto middle = static_cast<std::int64_t>((scene.view.begin + scene.view.end) / 2.0);
  return scene.record.window_at(scene.view.pinned.value_or(middle));
}

}  // namespace

RingGeometry::RingGeometry(const QSizeF& size, const Scene& scene)
    : window_(shown_window(scene)),
      positions_(std::max<std::int64_t>(window_.length - scene.record.span() + 1, 1)),
      centre_((size.width() - kRightMargin) / 2.0, size.height() / 2.0),
      radius_(
          std::max(10.0, std::min(size.width() - kRightMargin, size.height()) / 2.0 - kOutside)) {}

double RingGeometry::angle(double base) const noexcept {
  return 2.0 * std::numbers::pi * (base - static_cast<double>(window_.start)) /
         static_cast<double>(positions_);
}

QPointF RingGeometry::point(double base, double radius) const noexcept {
  const double own = angle(base);
  return centre_ + QPointF(std::sin(own), -std::cos(own)) * radius;
}

QPainterPath RingGeometry::chord(std::int64_t from, std::int64_t to) const {
  const QPointF begin = point(static_cast<double>(from), radius_);
  const QPointF end = point(static_cast<double>(to), radius_);
  QPainterPath path(begin);
  if (from == to) {
    const QPointF inner = point(static_cast<double>(from), radius_ - 6.0);
    path.addEllipse(inner, 3.0, 3.0);
    return path;
  }
  const double reach = std::hypot(end.x() - begin.x(), end.y() - begin.y()) / (2.0 * radius_);
  const QPointF middle = (begin + end) / 2.0;
  path.quadTo(centre_ + (middle - centre_) * (1.0 - std::min(1.0, reach + 0.2)), end);
  return path;
}

QPainterPath RingGeometry::arc(double from, double to, double radius) const {
  const QRectF box(centre_ - QPointF(radius, radius), QSizeF(2.0 * radius, 2.0 * radius));
  const double begin = 90.0 - angle(from) * kDegrees;
  QPainterPath path;
  path.arcMoveTo(box, begin);
  path.arcTo(box, begin, -(angle(to) - angle(from)) * kDegrees);
  return path;
}

std::optional<std::int64_t> RingGeometry::base_at(const QPointF& point) const {
  const QPointF from_centre = point - centre_;
  if (std::hypot(from_centre.x(), from_centre.y()) < radius_ - 10.0) return std::nullopt;
  double own = std::atan2(from_centre.x(), -from_centre.y()) / (2.0 * std::numbers::pi);
  if (own < 0.0) own += 1.0;
  const auto place = std::llround(own * static_cast<double>(positions_)) % positions_;
  return window_.start + place;
}

}  // namespace paramixer
