#include "gui/panel/heatmap_panel.hpp"

#include <QImage>
#include <QPaintEngine>
#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "gui/explore/shown_summary.hpp"
#include "gui/paint/sequence_letters.hpp"
#include "gui/panel/heatmap_layout.hpp"
#include "gui/panel/link_text.hpp"
#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kMostRows = 2'000'000;  ///< Limit for exported data.
constexpr double kFactorWidth = 16.0;          ///< Width of a factor's name as upright text.

/// Reads the cells of the visible range from tiles, one factor after the other.
class VisibleTiles {
 public:
  VisibleTiles(const Scene& scene, const HeatmapLayout& layout)
      : record_(scene.record), level_(layout.level()) {
    const auto per_tile = static_cast<double>(LinkTile::kColumns << level_);
    first_ = static_cast<std::int64_t>(scene.view.begin / per_tile);
    const auto last = static_cast<std::int64_t>(std::ceil(scene.view.end / per_tile));
    count_ = std::max<std::int64_t>(last - first_, 1);
  }

  /// Requests all tiles of a factor; false if some are still missing.
  bool load(std::int64_t factor) {
    tiles_.clear();
    bool complete = true;
    for (std::int64_t i = 0; i < count_; ++i) {
      tiles_.push_back(record_.tile({factor, level_, first_ + i}));
      complete = complete && tiles_.back() != nullptr;
    }
    return complete;
  }

  /// Null if there is no such column or its tile is still missing.
  const Summary* at(std::int64_t link, std::int64_t base) const {
    const std::int64_t column = base >> level_;
    const std::int64_t number = column / LinkTile::kColumns - first_;
    if (base < 0 || number < 0 || number >= std::ssize(tiles_)) return nullptr;
    const auto& tile = tiles_[static_cast<std::size_t>(number)];
    const std::int64_t inside = column % LinkTile::kColumns;
    if (tile == nullptr || inside >= tile->columns) return nullptr;
    return &tile->at(link, inside);
  }

 private:
  Exploration& record_;
  std::int64_t level_;
  std::int64_t first_ = 0;
  std::int64_t count_ = 1;
  std::vector<std::shared_ptr<const LinkTile>> tiles_;
};

/// The |weight| at full colour: chosen, or the record's largest, or 1 until that is known.
double color_limit(const Scene& scene) {
  if (scene.view.color_limit > 0.0) return scene.view.color_limit;
  const auto largest = scene.record.largest_weight();
  return largest != nullptr && *largest > 0.0F ? *largest : 1.0;
}

/// Device pixels per unit, so that the cells are sharp; a vector picture gets three.
double sharpness(const QPainter& painter) {
  const QPaintEngine* engine = painter.paintEngine();
  if (engine != nullptr && engine->type() == QPaintEngine::SVG) return 3.0;
  return painter.device()->devicePixelRatioF();
}

/// Draws one factor's strip as an image of device pixels.
class StripPainter {
 public:
  StripPainter(QPainter& painter, const Scene& scene, const HeatmapLayout& layout,
               const ColorScale& colors)
      : painter_(painter),
        scene_(scene),
        layout_(layout),
        colors_(colors),
        ratio_(sharpness(painter)) {
    const auto width = static_cast<int>(std::lround(layout.area().width() * ratio_));
    for (int x = 0; x < width; ++x) {
      const double base = layout.scale().base(layout.area().left() + (x + 0.5) / ratio_);
      bases_.push_back(static_cast<std::int64_t>(std::floor(base)));
    }
  }

  void draw(std::int64_t factor, const VisibleTiles& tiles) {
    const QRectF strip = layout_.strip(factor);
    const auto height = std::max(1, static_cast<int>(std::lround(strip.height() * ratio_)));
    QImage image(static_cast<int>(bases_.size()), height, QImage::Format_RGB32);
    const std::int64_t links = scene_.record.pattern().links();
    std::int64_t drawn = -1;
    for (int y = 0; y < height; ++y) {
      const auto link = std::min<std::int64_t>(
          static_cast<std::int64_t>((y + 0.5) / height * static_cast<double>(links)), links - 1);
      auto* row = reinterpret_cast<QRgb*>(image.scanLine(y));
      if (link == drawn) {
        std::copy_n(image.constScanLine(y - 1), image.bytesPerLine(), image.scanLine(y));
      } else {
        fill_row(link, tiles, row);
      }
      drawn = link;
    }
    painter_.drawImage(strip, image);
    painter_.setBrush(Qt::NoBrush);
    painter_.setPen(QPen(scene_.theme.grid, 0.5));
    painter_.drawRect(strip.adjusted(-0.5, -0.5, 0.5, 0.5));
  }

 private:
  void fill_row(std::int64_t link, const VisibleTiles& tiles, QRgb* row) const {
    const QRgb nothing = scene_.theme.surface.rgb();
    for (std::size_t x = 0; x < bases_.size(); ++x) {
      const Summary* cell = tiles.at(link, bases_[x]);
      row[x] = cell == nullptr ? nothing : colors_.color(shown_value(*cell, scene_.view.summary));
    }
  }

  QPainter& painter_;
  const Scene& scene_;
  const HeatmapLayout& layout_;
  const ColorScale& colors_;
  double ratio_;
  std::vector<std::int64_t> bases_;  ///< Under each device pixel.
};

/// The least and the greatest offset of a factor.
QString offset_range_text(const LinkPattern& pattern, std::int64_t factor) {
  std::int64_t least = 0;
  std::int64_t greatest = 0;
  for (std::int64_t k = 0; k < pattern.links(); ++k) {
    least = std::min(least, pattern.offset(factor, k));
    greatest = std::max(greatest, pattern.offset(factor, k));
  }
  if (least == -greatest) return QChar(0x00b1) + grouped(greatest);
  return offset_text(least) + QChar(0x2026) + offset_text(greatest);
}

/// The factor's name, and its offsets as far as there is room.
void draw_strip_label(QPainter& painter, const Scene& scene, const HeatmapLayout& layout,
                      std::int64_t factor) {
  const QRectF strip = layout.strip(factor);
  const Theme& theme = scene.theme;
  const bool chosen = factor == scene.view.factor;
  const QFontMetricsF metrics(theme.small_font);
  if (chosen) {
    painter.fillRect(QRectF(strip.left() - 5.0, strip.top(), 3.0, strip.height()), theme.accent);
  }
  painter.setFont(theme.small_font);
  const bool offsets_fit = layout.row_height() >= metrics.height() - 2.0;
  if (offsets_fit) {
    painter.setPen(theme.muted);
    for (std::int64_t k = 0; k < scene.record.pattern().links(); ++k) {
      const QRectF row(kFactorWidth, strip.top() + layout.row_height() * double(k),
                       strip.left() - 8.0 - kFactorWidth, layout.row_height());
      painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter,
                       offset_text(scene.record.pattern().offset(factor, k)));
    }
  }
  const QString name = QObject::tr("factor %1").arg(factor + 1);
  painter.setPen(chosen ? theme.accent : theme.text);
  if (offsets_fit) {
    // Beside the offsets there is only room for upright text.
    painter.save();
    painter.translate(kFactorWidth / 2.0, strip.center().y());
    painter.rotate(-90.0);
    painter.drawText(
        QRectF(-strip.height() / 2.0, -metrics.height() / 2.0, strip.height(), metrics.height()),
        Qt::AlignCenter, name);
    painter.restore();
    return;
  }
  if (strip.height() < metrics.height() - 3.0 && factor % 2 == 1) return;
  const bool range_fits = strip.height() >= 2.0 * metrics.height();
  const double top = strip.center().y() - metrics.height() * (range_fits ? 1.0 : 0.5);
  painter.drawText(QRectF(0.0, top, strip.left() - 10.0, metrics.height()),
                   Qt::AlignRight | Qt::AlignVCenter, name);
  if (!range_fits) return;
  painter.setPen(theme.muted);
  painter.drawText(QRectF(0.0, top + metrics.height(), strip.left() - 10.0, metrics.height()),
                   Qt::AlignRight | Qt::AlignVCenter,
                   offset_range_text(scene.record.pattern(), factor));
}

/// Thin lines where one window of the model ends and the next begins.
void draw_window_borders(QPainter& painter, const Scene& scene, const HeatmapLayout& layout) {
  constexpr std::int64_t kMostBorders = 60;
  const auto& windows = scene.record.windows();
  if (windows.size() < 2) return;
  std::vector<double> borders;
  for (std::size_t w = 1; w < windows.size(); ++w) {
    const auto begin = static_cast<double>(windows[w - 1].start + windows[w - 1].length);
    if (begin > scene.view.begin && begin < scene.view.end) borders.push_back(begin);
  }
  if (std::ssize(borders) > kMostBorders) return;
  painter.setPen(QPen(scene.theme.muted, 1.0, Qt::DotLine));
  for (const double border : borders) {
    const double x = layout.scale().x(border);
    painter.drawLine(QPointF(x, layout.area().top()), QPointF(x, layout.area().bottom()));
  }
}

QString unit_text(ShownSummary summary) {
  switch (summary) {
    case ShownSummary::kMean:
      return QObject::tr("mean weight");
    case ShownSummary::kMeanAbsolute:
      return QObject::tr("mean |weight|");
    default:
      return QObject::tr("link weight");
  }
}

QString cell_text(const Scene& scene, const HeatmapLayout::Cell& cell, std::int64_t level,
                  const Summary& summary) {
  const Exploration& record = scene.record;
  const std::int64_t offset = record.pattern().offset(cell.factor, cell.link);
  QString text =
      QObject::tr("factor %1, offset %2\n").arg(cell.factor + 1).arg(offset_text(offset));
  if (level > 0) {
    const std::int64_t first = (cell.base >> level) << level;
    const std::int64_t last = std::min(first + (std::int64_t{1} << level), record.length());
    return text +
           QObject::tr("positions %1 to %2\nmean %3, mean |weight| %4\nleast %5, greatest %6")
               .arg(grouped(first + 1), grouped(last), short_number(summary.mean),
                    short_number(summary.mean_absolute), short_number(summary.least),
                    short_number(summary.greatest));
  }
  text += base_text(record, cell.base);
  const std::int64_t target = record.target(cell.base, cell.factor, cell.link);
  text += target < 0 ? QObject::tr("\ntakes from no base of the record")
                     : QObject::tr("\ntakes from %1").arg(base_text(record, target));
  return text + QObject::tr("\nweight %1").arg(short_number(summary.mean));
}

}  // namespace

QString HeatmapPanel::help() const {
  return QObject::tr(
      "One strip per factor, one row per link offset, one column per position. The colour is the "
      "weight with which the position takes from its target. A weight is not an importance; the "
      "attribution is.");
}

std::optional<QRectF> HeatmapPanel::base_area(const QSizeF& size) const {
  return plot_area_above_ruler(size);
}

void HeatmapPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const HeatmapLayout layout(size, scene);
  if (scene.record.factors() == 0) {
    draw_note(painter, layout.area(), QObject::tr("This model has no factors, so nothing mixes."),
              scene.theme);
    return;
  }
  const QString problem = scene.record.links_problem();
  if (!problem.isEmpty()) {
    draw_note(painter, layout.area(), problem, scene.theme);
    return;
  }
  const ColorScale colors(scene.view.palette, color_limit(scene), scene.theme);
  VisibleTiles tiles(scene, layout);
  StripPainter strips(painter, scene, layout, colors);
  bool complete = true;
  // The queue runs the latest task first, so factors are requested from last to first.
  for (std::int64_t m = scene.record.factors() - 1; m >= 0; --m) {
    complete = tiles.load(m) && complete;
    strips.draw(m, tiles);
    draw_strip_label(painter, scene, layout, m);
  }
  draw_window_borders(painter, scene, layout);
  draw_pinned_base(painter, layout.area(), scene);
  draw_sequence_letters(painter, layout.letters(), layout.scale(), scene.record, scene.theme);
  const QRectF area = plot_area_above_ruler(size);
  draw_base_axis(painter, QRectF(area.left(), area.bottom(), area.width(), kBaseAxisHeight),
                 layout.scale(), scene.theme);
  draw_color_legend(painter,
                    QRectF(area.right() + 10.0, area.top(), kRightMargin - 12.0, area.height()),
                    colors, unit_text(scene.view.summary), scene.theme);
  if (!complete) {
    draw_note(painter, QRectF(area.left(), area.top(), area.width(), 40.0),
              waiting_text(scene.record, QString()), scene.theme);
  }
}

std::optional<PanelHit> HeatmapPanel::hit(const QPointF& point, const QSizeF& size,
                                          const Scene& scene) {
  const HeatmapLayout layout(size, scene);
  const auto cell = layout.cell(point, scene);
  if (!cell) return std::nullopt;
  PanelHit hit{.base = cell->base, .factor = cell->factor};
  VisibleTiles tiles(scene, layout);
  tiles.load(cell->factor);
  const Summary* summary = tiles.at(cell->link, cell->base);
  if (summary == nullptr) {
    hit.text = waiting_text(scene.record, QString());
  } else if (std::isnan(summary->mean)) {
    hit.text = base_text(scene.record, cell->base) +
               QObject::tr("\nno token begins here: the model's window ends");
  } else {
    hit.text = cell_text(scene, *cell, layout.level(), *summary);
    const std::int64_t target = scene.record.target(cell->base, cell->factor, cell->link);
    if (target >= 0) hit.target = target;
  }
  return hit;
}

QString HeatmapPanel::missing(const QSizeF& size, const Scene& scene) {
  if (scene.record.factors() == 0) return {};
  const QString problem = scene.record.links_problem();
  if (!problem.isEmpty()) return problem;
  VisibleTiles tiles(scene, HeatmapLayout(size, scene));
  for (std::int64_t m = 0; m < scene.record.factors(); ++m) {
    if (!tiles.load(m)) return waiting_text(scene.record, QString());
  }
  return {};
}

std::string HeatmapPanel::data(DataFormat, const Scene& scene) {
  const HeatmapLayout layout(kDataSize, scene);
  const QString problem = scene.record.links_problem();
  if (!problem.isEmpty()) throw_no_answer(problem);
  const std::int64_t links = scene.record.pattern().links();
  const std::int64_t step = std::int64_t{1} << layout.level();
  const auto first = (static_cast<std::int64_t>(scene.view.begin) / step) * step;
  const auto last = static_cast<std::int64_t>(std::ceil(scene.view.end));
  if ((last - first) / step * links * scene.record.factors() > kMostRows) {
    throw Error("more than two million links are visible; zoom in before saving them");
  }
  const bool exact = layout.level() == 0;
  std::string text = "# record\t" + scene.record.record().name + "\n";
  text += exact ? "factor\tsource\ttarget\toffset\tweight\n"
                : "factor\toffset\tbegin\tend\tmean\tmean_absolute\tleast\tgreatest\n";
  VisibleTiles tiles(scene, layout);
  for (std::int64_t m = 0; m < scene.record.factors(); ++m) {
    if (!tiles.load(m)) throw Error("links are still being computed; try again in a moment");
    for (std::int64_t base = first; base < last; base += step) {
      for (std::int64_t k = 0; k < links; ++k) {
        const Summary* cell = tiles.at(k, base);
        if (cell == nullptr || std::isnan(cell->mean)) continue;
        const std::int64_t offset = scene.record.pattern().offset(m, k);
        QStringList row{QString::number(m + 1)};
        if (exact) {
          const std::int64_t target = scene.record.target(base, m, k);
          if (target < 0) continue;
          row << QString::number(base + 1) << QString::number(target + 1) << QString::number(offset)
              << QString::number(cell->mean, 'g', 9);
        } else {
          row << QString::number(offset) << QString::number(base + 1)
              << QString::number(std::min(base + step, scene.record.length()))
              << QString::number(cell->mean, 'g', 9) << QString::number(cell->mean_absolute, 'g', 9)
              << QString::number(cell->least, 'g', 9) << QString::number(cell->greatest, 'g', 9);
        }
        text += row.join(QLatin1Char('\t')).toStdString() + "\n";
      }
    }
  }
  return text;
}

}  // namespace paramixer
