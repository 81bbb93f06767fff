#include "gui/panel/spread_panel.hpp"

#include <QImage>
#include <algorithm>
#include <cmath>

#include "gui/explore/shown_summary.hpp"
#include "gui/paint/palette.hpp"
#include "gui/paint/sequence_letters.hpp"
#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr double kBarGap = 2.0;

struct SpreadAsked {
  std::shared_ptr<const SpreadAnswer> answer;
  QString problem;
};

SpreadAsked ask(const Scene& scene) {
  if (scene.record.factors() == 0) {
    return {nullptr, QObject::tr("This model has no factors, so nothing spreads.")};
  }
  if (!scene.view.pinned) {
    return {
        nullptr,
        QObject::tr("Click a position to pin it and see how its value spreads, factor by factor.")};
  }
  return {scene.record.spread(*scene.view.pinned, scene.view.residual),
          scene.record.spread_problem(*scene.view.pinned, scene.view.residual)};
}

QRectF strips_area(const QSizeF& size) {
  return plot_area_above_ruler(size).adjusted(0.0, 0.0, 0.0, -kLetterHeight);
}

QRectF strip_of(const QRectF& area, std::size_t step, std::size_t steps) {
  const double pitch = area.height() / static_cast<double>(steps);
  return {area.left(), area.top() + pitch * static_cast<double>(step), area.width(),
          std::max(pitch - kBarGap, 1.0)};
}

/// The full colour of a step: values grow from factor to factor, so each step has its own, unless
/// one is chosen.
double limit_of(const Scene& scene, const SpreadAnswer& spread, std::size_t step) {
  return scene.view.color_limit > 0.0 ? scene.view.color_limit : spread.largest[step];
}

/// Right of every strip the |value| of its full colour.
void draw_limits(QPainter& painter, const QRectF& area, const Scene& scene,
                 const SpreadAnswer& spread) {
  constexpr int kDigits = 3;
  const QFontMetricsF metrics(scene.theme.small_font);
  painter.setFont(scene.theme.small_font);
  painter.setPen(scene.theme.muted);
  const std::size_t steps = spread.steps.size();
  const auto every = static_cast<std::size_t>(
      std::ceil((metrics.height() - 2.0) * static_cast<double>(steps) / area.height()));
  for (std::size_t s = 0; s < steps; s += every) {
    const QRectF strip = strip_of(area, s, steps);
    painter.drawText(QRectF(strip.right() + 8.0, strip.center().y() - metrics.height() / 2.0,
                            kRightMargin - 10.0, metrics.height()),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     QChar(0x00b1) + short_number(limit_of(scene, spread, s), kDigits));
  }
}

void draw_strip(QPainter& painter, const QRectF& strip, const ValueTrack& track, const Scene& scene,
                const ColorScale& colors) {
  const double ratio = painter.device()->devicePixelRatioF();
  const auto width = std::max(1, static_cast<int>(std::lround(strip.width() * ratio)));
  QImage image(width, 1, QImage::Format_RGB32);
  const auto columns = track.columns(scene.view.begin, scene.view.end, width);
  auto* row = reinterpret_cast<QRgb*>(image.scanLine(0));
  for (std::size_t x = 0; x < columns.size(); ++x) {
    row[x] = colors.color(shown_value(columns[x], scene.view.summary));
  }
  painter.drawImage(strip, image);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(scene.theme.grid, 0.5));
  painter.drawRect(strip);
}

QString step_text(std::size_t step) {
  return step == 0 ? QObject::tr("start") : QObject::tr("factor %1").arg(step);
}

void draw_labels(QPainter& painter, const QRectF& area, std::size_t steps, const Scene& scene) {
  const QFontMetricsF metrics(scene.theme.small_font);
  painter.setFont(scene.theme.small_font);
  const double pitch = area.height() / static_cast<double>(steps);
  const auto every = static_cast<std::size_t>(std::ceil((metrics.height() - 2.0) / pitch));
  for (std::size_t s = 0; s < steps; ++s) {
    const QRectF strip = strip_of(area, s, steps);
    const bool current = static_cast<std::int64_t>(s) == scene.view.spread_step;
    if (current) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(scene.theme.accent, 2.0));
      painter.drawRect(strip.adjusted(-1.0, -1.0, 1.0, 1.0));
    }
    if (s % every != 0 && !current) continue;
    painter.setPen(current ? scene.theme.accent : scene.theme.text);
    painter.drawText(QRectF(0.0, strip.center().y() - metrics.height() / 2.0, strip.left() - 10.0,
                            metrics.height()),
                     Qt::AlignRight | Qt::AlignVCenter, step_text(s));
  }
}

}  // namespace

QString SpreadPanel::help() const {
  return QObject::tr(
      "One channel starts as 1 at the pinned position and 0 elsewhere. Each strip shows its value "
      "after one more factor, from blue (negative) to red (positive), with the scale at its right. "
      "With the residual, earlier values are kept.");
}

std::optional<QRectF> SpreadPanel::base_area(const QSizeF& size) const {
  return plot_area_above_ruler(size);
}

void SpreadPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const QRectF area = strips_area(size);
  const SpreadAsked asked = ask(scene);
  if (asked.answer == nullptr) {
    draw_note(painter, QRectF(QPointF(), size), waiting_text(scene.record, asked.problem),
              scene.theme);
    return;
  }
  const SpreadAnswer& spread = *asked.answer;
  for (std::size_t s = 0; s < spread.steps.size(); ++s) {
    const ColorScale colors(scene.view.palette, limit_of(scene, spread, s), scene.theme);
    draw_strip(painter, strip_of(area, s, spread.steps.size()), spread.steps[s], scene, colors);
  }
  draw_labels(painter, area, spread.steps.size(), scene);
  draw_limits(painter, area, scene, spread);
  const BaseScale scale = base_scale(area, scene.view);
  draw_sequence_letters(painter, QRectF(area.left(), area.bottom(), area.width(), kLetterHeight),
                        scale, scene.record, scene.theme);
  draw_base_axis(painter,
                 QRectF(area.left(), area.bottom() + kLetterHeight, area.width(), kBaseAxisHeight),
                 scale, scene.theme);
}

std::optional<PanelHit> SpreadPanel::hit(const QPointF& point, const QSizeF& size,
                                         const Scene& scene) {
  const QRectF area = strips_area(size);
  const auto base = base_under(point.x(), area, scene);
  const SpreadAsked asked = ask(scene);
  if (!base || asked.answer == nullptr || point.y() < area.top()) return std::nullopt;
  const auto& steps = asked.answer->steps;
  const auto step = static_cast<std::size_t>((point.y() - area.top()) / area.height() *
                                             static_cast<double>(steps.size()));
  PanelHit hit{.text = base_text(scene.record, *base), .base = base};
  if (step >= steps.size()) return hit;
  hit.text += QObject::tr("\n%1: %2").arg(step_text(step), short_number(steps[step].at(*base)));
  if (step > 0) hit.factor = static_cast<std::int64_t>(step) - 1;
  return hit;
}

QString SpreadPanel::missing(const QSizeF&, const Scene& scene) {
  const SpreadAsked asked = ask(scene);
  return asked.answer != nullptr ? QString() : waiting_text(scene.record, asked.problem);
}

std::string SpreadPanel::data(DataFormat, const Scene& scene) {
  const SpreadAsked asked = ask(scene);
  if (asked.answer == nullptr) throw_no_answer(asked.problem);
  std::string text = data_header(
      scene,
      {{QStringLiteral("position"), QString::number(*scene.view.pinned + 1)},
       {QStringLiteral("residual"),
        scene.view.residual == Residual::kKeep ? QStringLiteral("keep") : QStringLiteral("drop")}});
  text += "factors\tposition\tbase\tvalue\n";
  const VisibleBases visible = visible_bases(scene);
  for (std::size_t s = 0; s < asked.answer->steps.size(); ++s) {
    for (std::int64_t base = visible.begin; base < visible.end; ++base) {
      const float value = asked.answer->steps[s].at(base);
      if (std::isnan(value) || value == 0.0F) continue;
      text += std::to_string(s) + "\t" + std::to_string(base + 1) + "\t" +
              scene.record.base_at(base) + "\t" + exact_text(value) + "\n";
    }
  }
  return text;
}

}  // namespace paramixer
