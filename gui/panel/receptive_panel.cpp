#include "gui/panel/receptive_panel.hpp"

#include <QImage>
#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "gui/paint/palette.hpp"
#include "gui/paint/sequence_letters.hpp"
#include "gui/paint/track_bars.hpp"
#include "gui/panel/panel_data.hpp"
#include "gui/panel/receptive_layout.hpp"

namespace paramixer {
namespace {

struct FieldAsked {
  std::shared_ptr<const ReceptiveAnswer> answer;
  QString problem;
};

struct MatrixAsked {
  std::shared_ptr<const ReceptiveMatrix> answer;
  QString problem;
};

FieldAsked ask_field(const Scene& scene) {
  const ReceptiveKey key{
      .base = *scene.view.pinned, .side = scene.view.side, .residual = scene.view.residual};
  return {scene.record.receptive_field(key), scene.record.problem(key)};
}

MatrixAsked ask_matrix(const Scene& scene) {
  const auto middle = static_cast<std::int64_t>((scene.view.begin + scene.view.end) / 2.0);
  const Window& window = scene.record.window_at(scene.view.pinned.value_or(middle));
  const MatrixKey key{.window_start = window.start,
                      .bins = scene.view.matrix_bins,
                      .residual = scene.view.residual};
  return {scene.record.receptive_matrix(key), scene.record.problem(key)};
}

/// A limit that all but the largest of 200 entries stay below: otherwise the diagonal of the
/// residual would dominate everything.
double limit_of(const Scene& scene, const ReceptiveMatrix& matrix) {
  if (scene.view.color_limit > 0.0) return scene.view.color_limit;
  std::vector<float> sizes;
  sizes.reserve(matrix.means.size());
  for (const float mean : matrix.means) sizes.push_back(std::abs(mean));
  if (sizes.empty()) return 1.0;
  const auto place = static_cast<std::ptrdiff_t>(sizes.size() - 1 - sizes.size() / 200);
  std::nth_element(sizes.begin(), sizes.begin() + place, sizes.end());
  const float limit = sizes[static_cast<std::size_t>(place)];
  return limit > 0.0F ? limit : 1.0;
}

void draw_caption(QPainter& painter, const QRectF& area, const QString& text, const Theme& theme) {
  painter.setFont(theme.small_font);
  painter.setPen(theme.text);
  painter.drawText(QPointF(area.left(), area.top() - 6.0), text);
}

QString no_factors_text() {
  return QObject::tr("This model has no factors, so every position sees only itself.");
}

QString side_text(const Scene& scene) {
  const QString position = grouped(*scene.view.pinned + 1);
  return scene.view.side == ProductSide::kTranspose
             ? QObject::tr("what position %1 takes from every other position").arg(position)
             : QObject::tr("what position %1 gives to every other position").arg(position);
}

void draw_field(QPainter& painter, const QRectF& area, const Scene& scene) {
  const BaseScale scale = base_scale(area, scene.view);
  draw_sequence_letters(painter, QRectF(area.left(), area.bottom(), area.width(), kLetterHeight),
                        scale, scene.record, scene.theme);
  draw_base_axis(painter,
                 QRectF(area.left(), area.bottom() + kLetterHeight, area.width(), kBaseAxisHeight),
                 scale, scene.theme);
  draw_caption(painter, area, side_text(scene), scene.theme);
  const FieldAsked asked = ask_field(scene);
  if (asked.answer == nullptr) {
    draw_note(painter, area, waiting_text(scene.record, asked.problem), scene.theme);
    return;
  }
  const TrackBars bars(asked.answer->track, scale);
  const ValueAxis axis = bars.axis(QObject::tr("product"));
  draw_value_axis(painter, area, axis, scene.theme);
  bars.draw(painter, area, axis, ColorScale(scene.view.palette, 1.0, scene.theme));
  draw_pinned_base(painter, area, scene);
}

/// Positions of the window along one side of the matrix.
void draw_row_axis(QPainter& painter, const QRectF& area, const ReceptiveMatrix& matrix,
                   const Theme& theme) {
  const QFontMetricsF metrics(theme.small_font);
  const auto begin = static_cast<double>(matrix.bounds.front());
  const auto end = static_cast<double>(matrix.bounds.back());
  painter.setFont(theme.small_font);
  for (const double tick : round_ticks(begin + 1.0, end, std::max(2, int(area.height() / 60.0)))) {
    const double y = area.top() + (tick - 0.5 - begin) / (end - begin) * area.height();
    painter.setPen(theme.muted);
    painter.drawLine(QPointF(area.left() - 5.0, y), QPointF(area.left(), y));
    painter.setPen(theme.text);
    painter.drawText(QRectF(0.0, y - metrics.height() / 2.0, area.left() - 8.0, metrics.height()),
                     Qt::AlignRight | Qt::AlignVCenter, grouped(std::llround(tick)));
  }
}

/// What the other panels show, as a square on the diagonal.
void draw_visible(QPainter& painter, const QRectF& area, const ReceptiveMatrix& matrix,
                  const Scene& scene) {
  const auto begin = static_cast<double>(matrix.bounds.front());
  const auto end = static_cast<double>(matrix.bounds.back());
  const double first = std::clamp((scene.view.begin - begin) / (end - begin), 0.0, 1.0);
  const double last = std::clamp((scene.view.end - begin) / (end - begin), 0.0, 1.0);
  if (last - first >= 1.0 || last <= first) return;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(scene.theme.accent, 1.0));
  painter.drawRect(QRectF(area.left() + first * area.width(), area.top() + first * area.height(),
                          (last - first) * area.width(), (last - first) * area.height()));
}

void draw_matrix(QPainter& painter, const QRectF& area, const Scene& scene) {
  const MatrixAsked asked = ask_matrix(scene);
  if (asked.answer == nullptr) {
    painter.fillRect(area, scene.theme.surface);
    draw_note(painter, area, waiting_text(scene.record, asked.problem), scene.theme);
    return;
  }
  const ReceptiveMatrix& matrix = *asked.answer;
  const auto bins = static_cast<int>(matrix.bins());
  const ColorScale colors(scene.view.palette, limit_of(scene, matrix), scene.theme);
  QImage image(bins, bins, QImage::Format_RGB32);
  for (int r = 0; r < bins; ++r) {
    auto* row = reinterpret_cast<QRgb*>(image.scanLine(r));
    for (int c = 0; c < bins; ++c) {
      row[c] = colors.color(matrix.means[static_cast<std::size_t>(r) * bins + c]);
    }
  }
  painter.drawImage(area, image);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(scene.theme.grid);
  painter.drawRect(area);
  draw_caption(
      painter, area,
      QObject::tr("product of all factors: rows take from columns; means over %1 × %1 bins")
          .arg(bins),
      scene.theme);
  const BaseScale scale{static_cast<double>(matrix.bounds.front()),
                        static_cast<double>(matrix.bounds.back()), area.left(), area.width()};
  draw_base_axis(painter, QRectF(area.left(), area.bottom(), area.width(), kBaseAxisHeight), scale,
                 scene.theme);
  draw_row_axis(painter, area, matrix, scene.theme);
  draw_visible(painter, area, matrix, scene);
  draw_color_legend(painter, QRectF(area.right() + 14.0, area.top(), kRightMargin, area.height()),
                    colors, QObject::tr("mean product"), scene.theme);
}

std::size_t bin_of(const ReceptiveMatrix& matrix, double share) {
  const auto bins = static_cast<double>(matrix.bins());
  return static_cast<std::size_t>(std::clamp(share * bins, 0.0, bins - 1.0));
}

std::optional<PanelHit> hit_matrix(const QPointF& point, const QRectF& area, const Scene& scene) {
  const MatrixAsked asked = ask_matrix(scene);
  if (asked.answer == nullptr) return std::nullopt;
  const ReceptiveMatrix& matrix = *asked.answer;
  const std::size_t row = bin_of(matrix, (point.y() - area.top()) / area.height());
  const std::size_t column = bin_of(matrix, (point.x() - area.left()) / area.width());
  const auto range = [&](std::size_t bin) {
    const std::int64_t first = matrix.bounds[bin] + 1;
    const std::int64_t last = matrix.bounds[bin + 1];
    return first == last ? grouped(first)
                         : QObject::tr("%1 to %2").arg(grouped(first), grouped(last));
  };
  const float mean = matrix.means[row * static_cast<std::size_t>(matrix.bins()) + column];
  return PanelHit{.text = QObject::tr("output %1\ntakes from input %2\nmean product %3")
                              .arg(range(row), range(column), short_number(mean)),
                  .base = matrix.bounds[row],
                  .target = matrix.bounds[column]};
}

std::string matrix_data(const ReceptiveMatrix& matrix) {
  std::string text = "output_begin\toutput_end\tinput_begin\tinput_end\tvalue\n";
  const auto bins = static_cast<std::size_t>(matrix.bins());
  for (std::size_t r = 0; r < bins; ++r) {
    for (std::size_t c = 0; c < bins; ++c) {
      text += std::to_string(matrix.bounds[r] + 1) + "\t" + std::to_string(matrix.bounds[r + 1]) +
              "\t" + std::to_string(matrix.bounds[c] + 1) + "\t" +
              std::to_string(matrix.bounds[c + 1]) + "\t" + exact_text(matrix.means[r * bins + c]) +
              "\n";
    }
  }
  return text;
}

}  // namespace

QString ReceptivePanel::help() const {
  return QObject::tr(
      "The combined effect of all factors: the product of (I + W), or of W alone. For a pinned "
      "position its row (what it takes) or column (what it gives), otherwise the matrix as means "
      "over bins.");
}

std::optional<QRectF> ReceptivePanel::base_area(const QSizeF& size) const {
  return ReceptiveLayout(size, true).track;
}

void ReceptivePanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  if (scene.record.factors() == 0) {
    draw_note(painter, QRectF(QPointF(), size), no_factors_text(), scene.theme);
    return;
  }
  const ReceptiveLayout layout(size, scene.view.pinned.has_value());
  if (!layout.track.isEmpty()) draw_field(painter, layout.track, scene);
  if (!layout.matrix.isEmpty()) draw_matrix(painter, layout.matrix, scene);
}

std::optional<PanelHit> ReceptivePanel::hit(const QPointF& point, const QSizeF& size,
                                            const Scene& scene) {
  if (scene.record.factors() == 0) return std::nullopt;
  const ReceptiveLayout layout(size, scene.view.pinned.has_value());
  if (layout.matrix.contains(point)) return hit_matrix(point, layout.matrix, scene);
  if (!layout.track.contains(point)) return std::nullopt;
  const auto base = base_under(point.x(), layout.track, scene);
  if (!base) return std::nullopt;
  const FieldAsked asked = ask_field(scene);
  PanelHit hit{.text = base_text(scene.record, *base), .base = base};
  hit.text += asked.answer == nullptr
                  ? "\n" + waiting_text(scene.record, asked.problem)
                  : QObject::tr("\nproduct %1").arg(short_number(asked.answer->track.at(*base)));
  return hit;
}

QString ReceptivePanel::missing(const QSizeF& size, const Scene& scene) {
  if (scene.record.factors() == 0) return no_factors_text();
  const ReceptiveLayout layout(size, scene.view.pinned.has_value());
  if (!layout.track.isEmpty()) {
    const FieldAsked field = ask_field(scene);
    if (field.answer == nullptr) return waiting_text(scene.record, field.problem);
  }
  if (!layout.matrix.isEmpty()) {
    const MatrixAsked matrix = ask_matrix(scene);
    if (matrix.answer == nullptr) return waiting_text(scene.record, matrix.problem);
  }
  return {};
}

std::string ReceptivePanel::data(DataFormat format, const Scene& scene) {
  if (scene.record.factors() == 0) {
    throw Error("this model has no factors, so there is no receptive field");
  }
  if (scene.view.pinned) {
    const FieldAsked asked = ask_field(scene);
    if (asked.answer == nullptr) throw_no_answer(asked.problem);
    return data_header(scene, {{QStringLiteral("shows"), side_text(scene)}}) +
           track_data(format, asked.answer->track, scene);
  }
  if (format != DataFormat::kTsv) {
    throw Error("a matrix is not a track; pin a position first, or save as TSV");
  }
  const MatrixAsked asked = ask_matrix(scene);
  if (asked.answer == nullptr) throw_no_answer(asked.problem);
  return data_header(scene) + matrix_data(*asked.answer);
}

}  // namespace paramixer
