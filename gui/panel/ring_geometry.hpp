#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QSizeF>
#include <cstdint>
#include <optional>

#include "core/sequence/window.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// Where the bases of a window lie on a circle: the first at the top, the others clockwise.
class RingGeometry {
 public:
  RingGeometry(const QSizeF& size, const Scene& scene);

  const Window& window() const noexcept { return window_; }
  /// Bases at which a token begins.
  std::int64_t positions() const noexcept { return positions_; }
  const QPointF& centre() const noexcept { return centre_; }
  double radius() const noexcept { return radius_; }

  /// Clockwise from the top, in radians.
  double angle(double base) const noexcept;
  QPointF point(double base, double radius) const noexcept;
  /// From one base to another through the inside; far ones go nearer to the centre.
  QPainterPath chord(std::int64_t from, std::int64_t to) const;
  /// The circle between two bases, clockwise.
  QPainterPath arc(double from, double to, double radius) const;
  /// The base next to a point on the circle or outside it.
  std::optional<std::int64_t> base_at(const QPointF& point) const;

 private:
  Window window_;
  std::int64_t positions_;
  QPointF centre_;
  double radius_;
};

}  // namespace paramixer
