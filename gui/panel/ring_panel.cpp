#include "gui/panel/ring_panel.hpp"

#include <algorithm>
#include <cmath>

#include "gui/explore/shown_summary.hpp"
#include "gui/paint/palette.hpp"
#include "gui/panel/link_text.hpp"
#include "gui/panel/panel_data.hpp"
#include "gui/panel/ring_geometry.hpp"

namespace paramixer {
namespace {

constexpr double kNear = 5.0;
constexpr int kSegments = 360;  ///< Segments of the spread's circle.

struct RingLinks {
  std::shared_ptr<const std::vector<Link>> strongest;  ///< Strongest links of the selected factor.
  std::shared_ptr<const std::vector<Link>>
      pinned;  ///< Links of all factors, or of the selected one.
  QString problem;
};

bool is_small_enough(const RingGeometry& ring) {
  return ring.window().length <= RingPanel::kMostSources;
}

RingLinks ask(const Scene& scene, const RingGeometry& ring) {
  RingLinks links;
  const Window& window = ring.window();
  if (scene.view.pinned) {
    links.pinned = scene.record.links_from(*scene.view.pinned);
  } else if (is_small_enough(ring)) {
    const StrongestKey key{.begin = window.start,
                           .end = window.start + window.length,
                           .factor = scene.view.factor,
                           .top = scene.view.top_links};
    links.strongest = scene.record.strongest_links(key);
    if (links.strongest == nullptr) links.problem = scene.record.problem(key);
  }
  return links;
}

/// The links to draw, strongest first.
std::vector<Link> shown_links(const Scene& scene, const RingLinks& links) {
  std::vector<Link> shown;
  const auto& list = links.pinned != nullptr ? links.pinned : links.strongest;
  if (list == nullptr) return shown;
  for (const Link& link : *list) {
    const bool chosen = scene.view.all_factors || link.factor == scene.view.factor;
    if (link.touches_padding || (links.pinned != nullptr && !chosen)) continue;
    shown.push_back(link);
  }
  std::stable_sort(shown.begin(), shown.end(), [](const Link& a, const Link& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  return shown;
}

double limit_of(const Scene& scene, const std::vector<Link>& links) {
  if (scene.view.color_limit > 0.0) return scene.view.color_limit;
  return links.empty() || links.front().weight == 0.0F ? 1.0 : std::abs(links.front().weight);
}

void draw_circle(QPainter& painter, const RingGeometry& ring, const Scene& scene) {
  const Theme& theme = scene.theme;
  const double radius = ring.radius();
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme.grid, 1.0));
  painter.drawEllipse(ring.centre(), radius, radius);
  painter.setFont(theme.small_font);
  const QFontMetricsF metrics(theme.small_font);
  const auto first = static_cast<double>(ring.window().start);
  const auto count = static_cast<double>(ring.positions());
  for (const double tick : round_ticks(first + 1.0, first + count, 12)) {
    if (tick != std::floor(tick) || tick - first > 0.97 * count) continue;
    painter.setPen(theme.muted);
    painter.drawLine(ring.point(tick - 1.0, radius + 8.0), ring.point(tick - 1.0, radius + 12.0));
    const QString text = grouped(std::llround(tick));
    const QPointF at = ring.point(tick - 1.0, radius + 16.0);
    const double width = metrics.horizontalAdvance(text);
    const double left = at.x() - width * (0.5 - 0.5 * std::sin(ring.angle(tick - 1.0)));
    painter.setPen(theme.text);
    painter.drawText(
        QPointF(left, at.y() + metrics.ascent() * (0.5 - 0.5 * std::cos(ring.angle(tick - 1.0)))),
        text);
  }
}

/// The bases as dots in the colours of their letters.
void draw_dots(QPainter& painter, const RingGeometry& ring, const Scene& scene) {
  if (ring.positions() > RingPanel::kMostDots) return;
  painter.setPen(Qt::NoPen);
  for (std::int64_t i = 0; i < ring.positions(); ++i) {
    const std::int64_t base = ring.window().start + i;
    painter.setBrush(base_color(scene.record.base_at(base), scene.theme));
    painter.drawEllipse(ring.point(static_cast<double>(base), ring.radius()), 1.8, 1.8);
  }
}

/// What is visible in the other panels, as an arc outside.
void draw_visible(QPainter& painter, const RingGeometry& ring, const Scene& scene) {
  const auto first = static_cast<double>(ring.window().start);
  const double last = first + static_cast<double>(ring.positions());
  const double begin = std::clamp(scene.view.begin, first, last);
  const double end = std::clamp(scene.view.end, first, last);
  if (end <= begin || end - begin >= last - first) return;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(scene.theme.muted, 2.0));
  painter.drawPath(ring.arc(begin, end, ring.radius() + 5.0));
}

/// The spread being played and its current step; null if there is none yet.
struct RingSpread {
  std::shared_ptr<const SpreadAnswer> answer{};
  std::size_t step = 0;
};

RingSpread shown_spread(const Scene& scene) {
  if (scene.view.spread_step < 0 || !scene.view.pinned || scene.record.factors() == 0) return {};
  RingSpread shown{.answer = scene.record.spread(*scene.view.pinned, scene.view.residual)};
  if (shown.answer == nullptr) return shown;
  shown.step = static_cast<std::size_t>(
      std::min(scene.view.spread_step, std::ssize(shown.answer->steps) - 1));
  return shown;
}

/// The spread after the factors applied so far, as a coloured circle inside.
void draw_spread(QPainter& painter, const RingGeometry& ring, const Scene& scene,
                 const RingSpread& shown, const ColorScale& colors) {
  const auto& [spread, step] = shown;
  const auto first = static_cast<double>(ring.window().start);
  const auto count = static_cast<double>(ring.positions());
  const auto segments = std::min<std::int64_t>(kSegments, ring.positions());
  const auto columns = spread->steps[step].columns(first, first + count, segments);
  const double width = count / static_cast<double>(segments);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::isnan(columns[i].mean)) continue;
    const double begin = first + width * static_cast<double>(i) - 0.5;
    const QColor color(colors.color(shown_value(columns[i], scene.view.summary)));
    QPen pen(color, 12.0);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawPath(ring.arc(begin, begin + width, ring.radius() - 10.0));
  }
}

void draw_chords(QPainter& painter, const RingGeometry& ring, const std::vector<Link>& links,
                 const ColorScale& colors) {
  painter.setBrush(Qt::NoBrush);
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    const double share = std::min(1.0, std::abs(link->weight) / colors.limit());
    painter.setPen(QPen(colors.clear_color(link->weight), 0.6 + 1.6 * share));
    painter.drawPath(ring.chord(link->source, link->target));
  }
}

QString caption(const Scene& scene) {
  const ViewState& view = scene.view;
  if (view.pinned && view.spread_step >= 0) {
    return QObject::tr("from position %1, after %2 of %3 factors")
        .arg(grouped(*view.pinned + 1))
        .arg(view.spread_step)
        .arg(scene.record.factors());
  }
  const QString factor = view.pinned && view.all_factors
                             ? QObject::tr("all factors")
                             : QObject::tr("factor %1").arg(view.factor + 1);
  return view.pinned
             ? QObject::tr("links of position %1, %2").arg(grouped(*view.pinned + 1), factor)
             : QObject::tr("strongest links of %1").arg(factor);
}

QString missing_text(const Scene& scene, const RingGeometry& ring, const RingLinks& links) {
  if (scene.record.factors() == 0) {
    return QObject::tr("This model has no factors, so nothing mixes.");
  }
  if (!scene.view.pinned && !is_small_enough(ring)) {
    return QObject::tr("Click a position in another panel to pin it and see its links.");
  }
  if (links.pinned == nullptr && links.strongest == nullptr) {
    return waiting_text(scene.record,
                        links.problem.isEmpty() ? scene.record.links_problem() : links.problem);
  }
  return {};
}

}  // namespace

QString RingPanel::help() const {
  return QObject::tr(
      "The positions of one window, as a ring. Chords are links: the strongest of one factor, or "
      "all links of the pinned position. Play shows, factor by factor, how a value at the pinned "
      "position reaches the others.");
}

void RingPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const RingGeometry ring(size, scene);
  const RingLinks links = scene.record.factors() == 0 ? RingLinks{} : ask(scene, ring);
  const std::vector<Link> shown = shown_links(scene, links);
  const RingSpread spread = shown_spread(scene);
  const double limit = spread.answer == nullptr || scene.view.color_limit > 0.0
                           ? limit_of(scene, shown)
                           : spread.answer->largest[spread.step];
  const ColorScale colors(scene.view.palette, limit, scene.theme);
  draw_circle(painter, ring, scene);
  draw_visible(painter, ring, scene);
  if (scene.view.spread_step < 0) draw_chords(painter, ring, shown, colors);
  draw_dots(painter, ring, scene);
  if (spread.answer != nullptr) draw_spread(painter, ring, scene, spread, colors);
  if (scene.view.pinned) {
    painter.setBrush(scene.theme.accent);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(ring.point(static_cast<double>(*scene.view.pinned), ring.radius()), 4.5,
                        4.5);
  }
  painter.setFont(scene.theme.small_font);
  painter.setPen(scene.theme.muted);
  painter.drawText(QRectF(10.0, 6.0, 190.0, 44.0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                   caption(scene));
  const QString missing = missing_text(scene, ring, links);
  if (!missing.isEmpty()) {
    const double half = 0.7 * ring.radius();
    draw_note(painter, QRectF(ring.centre() - QPointF(half, half), QSizeF(2.0 * half, 2.0 * half)),
              missing, scene.theme);
    return;
  }
  draw_color_legend(
      painter, QRectF(size.width() - kRightMargin, 12.0, kRightMargin - 12.0, size.height() - 24.0),
      colors, scene.view.spread_step < 0 ? QObject::tr("link weight") : QObject::tr("value"),
      scene.theme);
}

std::optional<PanelHit> RingPanel::hit(const QPointF& point, const QSizeF& size,
                                       const Scene& scene) {
  if (scene.record.factors() == 0) return std::nullopt;
  const RingGeometry ring(size, scene);
  const std::vector<Link> shown = shown_links(scene, ask(scene, ring));
  const Link* nearest = nullptr;
  std::int64_t rank = 0;
  double least = kNear;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const QPainterPath chord = ring.chord(shown[i].source, shown[i].target);
    constexpr int kSamples = 24;
    for (int s = 0; s <= kSamples; ++s) {
      const QPointF apart = chord.pointAtPercent(s / double{kSamples}) - point;
      const double own = std::hypot(apart.x(), apart.y());
      if (own >= least) continue;
      least = own;
      nearest = &shown[i];
      rank = static_cast<std::int64_t>(i) + 1;
    }
  }
  const auto base = ring.base_at(point);
  if (base) return PanelHit{.text = base_text(scene.record, *base), .base = base};
  if (nearest == nullptr || scene.view.spread_step >= 0) return std::nullopt;
  return PanelHit{.text = link_text(scene.record, *nearest, rank),
                  .base = nearest->source,
                  .target = nearest->target,
                  .factor = nearest->factor};
}

std::string RingPanel::data(DataFormat format, const Scene& scene) {
  const RingGeometry ring(QSizeF(800.0, 800.0), scene);
  const RingLinks links = scene.record.factors() == 0 ? RingLinks{} : ask(scene, ring);
  const QString missing = missing_text(scene, ring, links);
  if (!missing.isEmpty()) throw_no_answer(missing);
  return links_data(format, shown_links(scene, links), scene);
}

}  // namespace paramixer
