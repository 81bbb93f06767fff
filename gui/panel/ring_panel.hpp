#pragma once

#include "gui/panel/panel.hpp"

namespace paramixer {

/// The window of the model as a ring: the strongest links of one factor as chords, the links of the
/// pinned base through all factors, and how a value that starts there spreads.
class RingPanel final : public Panel {
 public:
  QString name() const override { return QStringLiteral("ring"); }
  QString title() const override { return QObject::tr("Ring"); }
  QString help() const override;

  void paint(QPainter& painter, const QSizeF& size, const Scene& scene) override;
  std::optional<PanelHit> hit(const QPointF& point, const QSizeF& size,
                              const Scene& scene) override;
  bool offers(DataFormat format) const override { return format != DataFormat::kBedgraph; }
  /// The drawn links in the format of `explain --what links`.
  std::string data(DataFormat format, const Scene& scene) override;

  /// Largest number of positions of a ring among which the strongest links are searched.
  static constexpr std::int64_t kMostSources = 65'536;
  /// Rings up to this size show every position as a dot.
  static constexpr std::int64_t kMostDots = 512;
};

}  // namespace paramixer
