#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// Attributions above each other: of two records for one class, or of one record for two classes,
/// and their difference.
class ComparePanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("compare"); }
  QString title() const override { return QObject::tr("Compare"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  QString missing(const QSizeF& size, const Scene& scene) override;
  /// Columns position, base, first, second, difference; NA where a record has no such base.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
