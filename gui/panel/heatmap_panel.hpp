#pragma once

#include "gui/paint/palette.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// Every link of the visible bases: one strip per factor, one row per link offset, one column per
/// base or a group of bases. For any length: tiles and pyramids provide only what a screen can
/// show.
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
  /// At base level the links in the format of `explain --what links`; at coarser levels, the
  /// columns' summaries.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
