#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// The strongest links as arcs above the sequence, and all links of the pinned base.
class ArcsPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("arcs"); }
  QString title() const override { return QObject::tr("Strongest links"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<QRectF> base_area(const QSizeF& size) const override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  bool offers(DataFormat format) const override { return format != DataFormat::kBedgraph; }
  /// The drawn links in the format of `explain --what links`.
  std::string data(DataFormat format, const Scene& scene) override;

  /// Largest number of sources among which the strongest links are searched.
  static constexpr std::int64_t kMostSources = 65'536;
};

}  // namespace paramixer
