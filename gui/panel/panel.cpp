#include "gui/panel/panel.hpp"

#include <cmath>

#include "core/base/error.hpp"

namespace paramixer {

QString Panel::missing(const QSizeF& size, const Scene& scene) {
  static_cast<void>(size);
  try {
    data(DataFormat::kTsv, scene);
    return {};
  } catch (const Error& error) {
    return QString::fromUtf8(error.what());
  }
}

void draw_pinned_base(QPainter& painter, const QRectF& area, const Scene& scene) {
  if (!scene.view.pinned) return;
  const BaseScale scale = base_scale(area, scene.view);
  const double left = scale.x(static_cast<double>(*scene.view.pinned));
  const double width = std::max(1.0, scale.pixels_per_base());
  if (left + width < area.left() || left > area.right()) return;
  QColor color = scene.theme.accent;
  painter.save();
  painter.setClipRect(area);
  color.setAlphaF(width > 3.0 ? 0.25F : 0.9F);
  painter.fillRect(QRectF(left, area.top(), width, area.height()), color);
  painter.restore();
}

std::optional<std::int64_t> base_under(double x, const QRectF& area, const Scene& scene) {
  if (x < area.left() || x >= area.right()) return std::nullopt;
  const auto base = static_cast<std::int64_t>(std::floor(base_scale(area, scene.view).base(x)));
  if (base < 0 || base >= scene.record.length()) return std::nullopt;
  return base;
}

QString base_text(const Exploration& record, std::int64_t base) {
  return QObject::tr("position %1  %2").arg(grouped(base + 1)).arg(QChar(record.base_at(base)));
}

QString waiting_text(const Exploration& record, const QString& problem) {
  if (!problem.isEmpty()) return problem;
  return record.is_stopped() ? QObject::tr("Stopped. Move the view to continue.")
                             : QObject::tr("Computing …");
}

}  // namespace paramixer
