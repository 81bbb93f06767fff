#pragma once

#include "gui/paint/palette.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// Every link of the visible bases: one strip a factor, one row a link offset, one column a base or
/// a group of bases. Any length: tiles and pyramids bring only what a screen can show.
class HeatmapPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("heatmap"); }
  QString title() const override { return QObject::tr("Factor heatmap"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  QString missing(const QSizeF& size, const Scene& scene) override;
  /// At base level the links as `explain --what links` prints them; coarser, what the columns
  /// summarise.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
