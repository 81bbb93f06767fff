#include "gui/panel/arcs_panel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "gui/paint/palette.hpp"
#include "gui/paint/sequence_letters.hpp"
#include "gui/panel/link_text.hpp"
#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr double kNear = 5.0;  ///< Distance in pixels within which the mouse hits an arc.

/// The links that are drawn, strongest first; of a pinned base all that start there.
struct ShownLinks {
  std::shared_ptr<const std::vector<Link>> strongest;
  std::shared_ptr<const std::vector<Link>> pinned;
  QString problem;
};

bool is_narrow_enough(const Scene& scene) {
  return scene.view.end - scene.view.begin <= static_cast<double>(ArcsPanel::kMostSources);
}

/// The queried sources: the visible ones, rounded outwards, so that small moves of the view repeat
/// the same question.
StrongestKey key_of(const Scene& scene) {
  const VisibleBases visible = visible_bases(scene);
  const auto width =
      static_cast<std::uint64_t>(std::max<std::int64_t>(visible.end - visible.begin, 8));
  const auto grid = static_cast<std::int64_t>(std::bit_floor(width) / 8);
  return {.begin = visible.begin / grid * grid,
          .end = std::min((visible.end + grid - 1) / grid * grid, scene.record.length()),
          .factor = scene.view.all_factors ? -1 : scene.view.factor,
          .top = scene.view.top_links};
}

ShownLinks ask(const Scene& scene) {
  ShownLinks links;
  links.problem = scene.record.links_problem();
  if (is_narrow_enough(scene)) {
    const StrongestKey key = key_of(scene);
    links.strongest = scene.record.strongest_links(key);
    if (links.strongest == nullptr) links.problem = scene.record.problem(key);
  }
  if (scene.view.pinned) links.pinned = scene.record.links_from(*scene.view.pinned);
  return links;
}

bool is_shown(const Link& link, const Scene& scene) {
  if (link.touches_padding) return false;
  if (!scene.view.all_factors && link.factor != scene.view.factor) return false;
  const auto inside = [&](std::int64_t base) {
    const auto place = static_cast<double>(base) + 0.5;
    return place >= scene.view.begin && place <= scene.view.end;
  };
  return inside(link.source) || inside(link.target);
}

QRectF arc_area(const QSizeF& size) {
  return plot_area_above_ruler(size).adjusted(0.0, 0.0, 0.0, -kLetterHeight);
}

/// Arcs as half ellipses that stand on the lower edge, the longest as high as the area; a link to
/// itself is a small circle.
class ArcGeometry {
 public:
  ArcGeometry(const QRectF& area, const Scene& scene, const ShownLinks& links)
      : area_(area), scale_(base_scale(area, scene.view)) {
    for (const auto& list : {links.strongest, links.pinned}) {
      if (list == nullptr) continue;
      for (const Link& link : *list) {
        if (!is_shown(link, scene)) continue;
        for (const LinkArc& arc : arcs_of(link, scene.record)) {
          longest_ = std::max(longest_, std::abs(arc.second - arc.first));
        }
      }
    }
  }

  /// The part of an arc that is in view, as points from the right to the left. An ellipse thousands
  /// of pixels wide, of which some are visible, would take milliseconds to stroke.
  QPolygonF points(const LinkArc& arc) const {
    const double from = x(arc.first);
    const double to = x(arc.second);
    const bool is_loop = arc.first == arc.second;
    const QPointF centre((from + to) / 2.0, is_loop ? area_.bottom() - kDot : area_.bottom());
    const double half = is_loop ? kDot : std::abs(to - from) / 2.0;
    const double height = is_loop ? kDot : height_of(arc);
    const auto angle_at = [&](double place) {
      return std::acos(std::clamp((place - centre.x()) / half, -1.0, 1.0));
    };
    const double first = is_loop ? 0.0 : angle_at(area_.right() + kDot);
    const double last = is_loop ? 2.0 * std::numbers::pi : angle_at(area_.left() - kDot);
    const double pixels = (last - first) * std::max(std::min(half, area_.width()), height);
    const int steps = std::clamp(static_cast<int>(pixels / kPixelsPerPoint), 8, 200);
    QPolygonF points;
    for (int i = 0; i <= steps; ++i) {
      const double angle = first + (last - first) * i / steps;
      points << centre + QPointF(std::cos(angle) * half, -std::sin(angle) * height);
    }
    return points;
  }

  double distance(const QPointF& point, const LinkArc& arc) const {
    const double from = x(arc.first);
    const double to = x(arc.second);
    const double half = std::abs(to - from) / 2.0;
    const double height = arc.first == arc.second ? 2.0 * kDot : height_of(arc);
    if (half < 1.0) return std::hypot(point.x() - from, point.y() - (area_.bottom() - kDot));
    const double across = (point.x() - (from + to) / 2.0) / half;
    const double up = (area_.bottom() - point.y()) / height;
    const double radius = std::hypot(across, up);
    return std::abs(radius - 1.0) * std::min(half, height);
  }

 private:
  static constexpr double kDot = 3.0;
  static constexpr double kPixelsPerPoint = 6.0;

  double x(std::int64_t base) const { return scale_.x(static_cast<double>(base) + 0.5); }
  double height_of(const LinkArc& arc) const {
    const double full = std::min(static_cast<double>(longest_), scale_.end - scale_.begin);
    const double share = static_cast<double>(std::abs(arc.second - arc.first)) / full;
    const double high = (area_.height() - 2.0) * std::sqrt(std::min(share, 1.0));
    // Avoids needles: the height of a narrow arc is limited to a few times its width.
    const double width = std::abs(x(arc.second) - x(arc.first));
    return std::max(kLeastHeight, std::min(high, kSteepest * width));
  }

  static constexpr double kLeastHeight = 8.0;
  static constexpr double kSteepest = 1.5;

  QRectF area_;
  BaseScale scale_;
  std::int64_t longest_ = 1;  ///< Bases that the longest arc spans.
};

double limit_of(const Scene& scene, const ShownLinks& links) {
  if (scene.view.color_limit > 0.0) return scene.view.color_limit;
  float largest = 0.0F;
  for (const auto& list : {links.strongest, links.pinned}) {
    if (list == nullptr) continue;
    for (const Link& link : *list) largest = std::max(largest, std::abs(link.weight));
  }
  return largest > 0.0F ? largest : 1.0;
}

struct ArcPen {
  const ColorScale& colors;
  double limit = 1.0;
  float alpha = 1.0F;
};

void draw_link(QPainter& painter, const ArcGeometry& geometry, const Link& link, const Scene& scene,
               const ArcPen& pen) {
  const double share = std::min(1.0, std::abs(link.weight) / pen.limit);
  QColor color = pen.colors.clear_color(link.weight);
  color.setAlphaF(color.alphaF() * pen.alpha);
  painter.setBrush(Qt::NoBrush);
  for (const LinkArc& arc : arcs_of(link, scene.record)) {
    painter.setPen(QPen(color, 0.8 + 1.7 * share, arc.is_part ? Qt::DashLine : Qt::SolidLine));
    painter.drawPolyline(geometry.points(arc));
  }
}

void draw_links(QPainter& painter, const QRectF& area, const Scene& scene,
                const ShownLinks& links) {
  const ArcGeometry geometry(area, scene, links);
  const double limit = limit_of(scene, links);
  const ColorScale colors(scene.view.palette, limit, scene.theme);
  painter.save();
  painter.setClipRect(area.adjusted(0.0, 0.0, 0.0, 1.0));
  if (links.strongest != nullptr) {
    // Strongest last, so that it is on top.
    for (auto link = links.strongest->rbegin(); link != links.strongest->rend(); ++link) {
      if (!is_shown(*link, scene)) continue;
      draw_link(painter, geometry, *link, scene,
                {colors, limit, links.pinned != nullptr ? 0.25F : 0.9F});
    }
  }
  if (links.pinned != nullptr) {
    for (const Link& link : *links.pinned) {
      if (is_shown(link, scene)) draw_link(painter, geometry, link, scene, {colors, limit, 1.0F});
    }
  }
  painter.restore();
}

/// The link whose arc is nearest, among those near enough.
struct Nearest {
  const Link* link = nullptr;
  std::int64_t rank = 0;
  double distance = kNear;

  void look(const ArcGeometry& geometry, const QPointF& point, const Link& candidate,
            std::int64_t own_rank, const Exploration& record) {
    for (const LinkArc& arc : arcs_of(candidate, record)) {
      const double own = geometry.distance(point, arc);
      if (own >= distance) continue;
      distance = own;
      link = &candidate;
      rank = own_rank;
    }
  }
};

QString empty_text(const Scene& scene, const ShownLinks& links) {
  if (!is_narrow_enough(scene)) {
    return QObject::tr("Zoom in to at most %1 positions to see the strongest links, or pin one.")
        .arg(grouped(ArcsPanel::kMostSources));
  }
  return waiting_text(scene.record, links.problem);
}

}  // namespace

QString ArcsPanel::help() const {
  return QObject::tr(
      "The links with the largest |weight| that start in view, drawn as arcs from a position to "
      "the one it takes from. Strong colours are large weights, dashed arcs cross the ring's seam. "
      "A pinned position shows all its links. A weight is not an importance.");
}

std::optional<QRectF> ArcsPanel::base_area(const QSizeF& size) const {
  return plot_area_above_ruler(size);
}

void ArcsPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const QRectF area = arc_area(size);
  const BaseScale scale = base_scale(area, scene.view);
  draw_sequence_letters(painter, QRectF(area.left(), area.bottom(), area.width(), kLetterHeight),
                        scale, scene.record, scene.theme);
  draw_base_axis(painter,
                 QRectF(area.left(), area.bottom() + kLetterHeight, area.width(), kBaseAxisHeight),
                 scale, scene.theme);
  if (scene.record.factors() == 0) {
    draw_note(painter, area, QObject::tr("This model has no factors, so nothing mixes."),
              scene.theme);
    return;
  }
  const ShownLinks links = ask(scene);
  draw_pinned_base(painter, area, scene);
  if (links.strongest == nullptr) {
    draw_note(painter, QRectF(area.left(), area.top(), area.width(), 40.0),
              empty_text(scene, links), scene.theme);
    if (links.pinned == nullptr) return;
  }
  draw_links(painter, area, scene, links);
  draw_color_legend(painter,
                    QRectF(area.right() + 10.0, area.top(), kRightMargin - 12.0, area.height()),
                    ColorScale(scene.view.palette, limit_of(scene, links), scene.theme),
                    QObject::tr("link weight"), scene.theme);
  painter.setFont(scene.theme.small_font);
  painter.setPen(scene.theme.muted);
  painter.drawText(QRectF(0.0, area.top(), area.left() - 10.0, 32.0), Qt::AlignRight,
                   scene.view.all_factors ? QObject::tr("all factors")
                                          : QObject::tr("factor %1").arg(scene.view.factor + 1));
}

std::optional<PanelHit> ArcsPanel::hit(const QPointF& point, const QSizeF& size,
                                       const Scene& scene) {
  const QRectF area = arc_area(size);
  const auto base = base_under(point.x(), area, scene);
  if (!base) return std::nullopt;
  PanelHit hit{.text = base_text(scene.record, *base), .base = base};
  const ShownLinks links = ask(scene);
  const ArcGeometry geometry(area, scene, links);
  Nearest nearest;
  if (links.pinned != nullptr) {
    for (const Link& link : *links.pinned) {
      if (is_shown(link, scene)) nearest.look(geometry, point, link, 0, scene.record);
    }
  }
  if (links.strongest != nullptr) {
    std::int64_t rank = 0;
    for (const Link& link : *links.strongest) {
      ++rank;
      if (is_shown(link, scene)) nearest.look(geometry, point, link, rank, scene.record);
    }
  }
  if (nearest.link == nullptr || point.y() > area.bottom()) return hit;
  hit.text = link_text(scene.record, *nearest.link, nearest.rank);
  hit.base = nearest.link->source;
  hit.target = nearest.link->target;
  hit.factor = nearest.link->factor;
  return hit;
}

std::string ArcsPanel::data(DataFormat format, const Scene& scene) {
  const ShownLinks links = ask(scene);
  if (links.strongest == nullptr && links.pinned == nullptr) {
    throw_no_answer(is_narrow_enough(scene) ? links.problem : empty_text(scene, links));
  }
  std::vector<Link> shown;
  for (const Link& link : links.pinned != nullptr ? *links.pinned : *links.strongest) {
    if (is_shown(link, scene)) shown.push_back(link);
  }
  return links_data(format, shown, scene);
}

}  // namespace paramixer
