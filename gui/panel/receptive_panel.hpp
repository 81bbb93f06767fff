#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// The product of all factors: a row or column of it for the pinned base, and the whole product in
/// bins.
class ReceptivePanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("receptive-field"); }
  QString title() const override { return QObject::tr("Receptive field"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  bool offers(DataFormat format) const override { return format != DataFormat::kBedpe; }
  QString missing(const QSizeF& size, const Scene& scene) override;
  /// In the format of `explain --what receptive-field`: of the pinned base its row or column,
  /// without one the matrix, as TSV only.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
