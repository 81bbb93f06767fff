#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// The contribution of every base to a class's logit, or to the difference of two, above the
/// sequence.
class AttributionPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("attribution"); }
  QString title() const override { return QObject::tr("Attribution"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  bool offers(DataFormat format) const override { return format != DataFormat::kBedpe; }
  QString missing(const QSizeF& size, const Scene& scene) override;
  /// In the format of `explain --what attribution`, of the visible bases.
  std::string data(DataFormat format, const Scene& scene) override;
};

/// "class A", or "class A against B".
QString contrast_text(const Exploration& record, const ContrastKey& key);

}  // namespace paramixer
