#include "gui/panel/heatmap_layout.hpp"

#include <algorithm>
#include <cmath>

#include "gui/paint/sequence_letters.hpp"

namespace paramixer {

HeatmapLayout::HeatmapLayout(const QSizeF& size, const Scene& scene)
    : area_(plot_area_above_ruler(size)),
      factors_(std::max<std::int64_t>(scene.record.factors(), 1)),
      links_(std::max<std::int64_t>(scene.record.pattern().links(), 1)) {
  area_.setHeight(std::max(area_.height() - kLetterHeight, 1.0));
  scale_ = base_scale(area_, scene.view);
  strip_height_ = std::max(area_.height() / static_cast<double>(factors_) - kStripGap, 1.0);
  const double bases_per_pixel = 1.0 / scale_.pixels_per_base();
  level_ = std::max<std::int64_t>(
      0, static_cast<std::int64_t>(std::ceil(std::log2(std::max(bases_per_pixel, 1.0)))));
}

QRectF HeatmapLayout::letters() const {
  return {area_.left(), area_.bottom(), area_.width(), kLetterHeight};
}

QRectF HeatmapLayout::strip(std::int64_t factor) const {
  const double pitch = area_.height() / static_cast<double>(factors_);
  return {area_.left(), area_.top() + static_cast<double>(factor) * pitch, area_.width(),
          strip_height_};
}

std::optional<HeatmapLayout::Cell> HeatmapLayout::cell(const QPointF& point,
                                                       const Scene& scene) const {
  const auto base = base_under(point.x(), area_, scene);
  if (!base || point.y() < area_.top() || scene.record.factors() == 0) return std::nullopt;
  const double pitch = area_.height() / static_cast<double>(factors_);
  const auto factor = static_cast<std::int64_t>((point.y() - area_.top()) / pitch);
  if (factor >= factors_) return std::nullopt;
  const double inside = point.y() - strip(factor).top();
  if (inside >= strip_height_) return std::nullopt;
  const auto link = static_cast<std::int64_t>(inside / row_height());
  return Cell{factor, std::min(link, links_ - 1), *base};
}

}  // namespace paramixer
