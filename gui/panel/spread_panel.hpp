#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// How a value of one channel that starts at the pinned base reaches the others: a strip for the
/// start and one after each factor.
class SpreadPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("spread"); }
  QString title() const override { return QObject::tr("Spread"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  QString missing(const QSizeF& size, const Scene& scene) override;
  /// Columns factors, position, base, value; zeros are left out.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
