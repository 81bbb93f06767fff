#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// The probability of every class: a bar each, most probable first; of two records side by side.
class ProbabilitiesPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("probabilities"); }
  QString title() const override { return QObject::tr("Class probabilities"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  /// Columns class, logit, probability; and of the other record.
  std::string data(DataFormat format, const Scene& scene) override;
};

}  // namespace paramixer
