#pragma once

#include <QRectF>
#include <QSizeF>
#include <cstdint>
#include <optional>

#include "gui/panel/panel.hpp"

namespace paramixer {

/// Where the strips and rows of a heatmap lie, and at which level of detail its columns are.
class HeatmapLayout {
 public:
  HeatmapLayout(const QSizeF& size, const Scene& scene);

  const QRectF& area() const noexcept { return area_; }
  QRectF letters() const;
  QRectF strip(std::int64_t factor) const;
  double row_height() const noexcept { return strip_height_ / static_cast<double>(links_); }
  const BaseScale& scale() const noexcept { return scale_; }
  /// A column stands for 2^level bases and is at least one pixel wide, but at level 0.
  std::int64_t level() const noexcept { return level_; }

  struct Cell {
    std::int64_t factor = 0;
    std::int64_t link = 0;
    std::int64_t base = 0;
  };
  std::optional<Cell> cell(const QPointF& point, const Scene& scene) const;

 private:
  static constexpr double kStripGap = 2.0;

  QRectF area_;
  BaseScale scale_;
  std::int64_t factors_;
  std::int64_t links_;
  double strip_height_ = 0.0;
  std::int64_t level_ = 0;
};

}  // namespace paramixer
