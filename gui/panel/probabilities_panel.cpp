#include "gui/panel/probabilities_panel.hpp"

#include <algorithm>
#include <numeric>

#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr double kMargin = 12.0;
constexpr double kNumberWidth = 58.0;

/// Which classes have a row, and where.
struct Rows {
  std::vector<std::size_t> classes{};  ///< Most probable first.
  std::size_t left_out = 0;
  QRectF area{};
  double pitch = 30.0;

  QRectF row(std::size_t i) const {
    return {area.left(), area.top() + pitch * static_cast<double>(i), area.width(), pitch};
  }
};

Rows rows_of(const RecordLogits& logits, const QSizeF& size, bool has_other) {
  Rows rows{.area = QRectF(kMargin, kMargin, std::max(size.width() - 2.0 * kMargin, 1.0),
                           std::max(size.height() - 2.0 * kMargin - 18.0, 1.0))};
  rows.classes.resize(logits.probabilities.size());
  std::iota(rows.classes.begin(), rows.classes.end(), std::size_t{0});
  std::stable_sort(rows.classes.begin(), rows.classes.end(), [&](std::size_t a, std::size_t b) {
    return logits.probabilities[a] > logits.probabilities[b];
  });
  rows.pitch = has_other ? 44.0 : 34.0;
  const auto most = static_cast<std::size_t>(std::max(rows.area.height() / rows.pitch, 1.0));
  if (most < rows.classes.size()) {
    rows.left_out = rows.classes.size() - most;
    rows.classes.resize(most);
  }
  return rows;
}

QString percent(double probability) {
  if (probability > 0.9995 && probability < 1.0) return QStringLiteral(">99.9 %");
  if (probability < 0.0005 && probability > 0.0) return QStringLiteral("<0.1 %");
  return QString::number(100.0 * probability, 'f', 1) + QStringLiteral(" %");
}

struct Bar {
  double probability = 0.0;
  QColor color;
};

void draw_bar(QPainter& painter, const QRectF& area, const Bar& bar, const Theme& theme) {
  const QRectF track = area.adjusted(0.0, 0.0, -kNumberWidth, 0.0);
  painter.fillRect(track, theme.surface);
  painter.fillRect(
      QRectF(track.left(), track.top(), track.width() * bar.probability, track.height()),
      bar.color);
  painter.setPen(theme.text);
  painter.drawText(QRectF(track.right(), area.center().y() - 9.0, kNumberWidth, 18.0),
                   Qt::AlignRight | Qt::AlignVCenter, percent(bar.probability));
}

QString class_name(const Scene& scene, std::size_t number) {
  return QString::fromStdString(scene.record.classes()[number]);
}

}  // namespace

QString ProbabilitiesPanel::help() const {
  return QObject::tr(
      "The probability of every class for the whole record, calibrated as in `classify`. Thin bars "
      "belong to the second record, if there is one.");
}

void ProbabilitiesPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const auto logits = scene.record.logits();
  if (logits == nullptr) {
    draw_note(painter, QRectF(QPointF(), size),
              waiting_text(scene.record, scene.record.logits_problem()), scene.theme);
    return;
  }
  const auto other = scene.other == nullptr ? nullptr : scene.other->logits();
  const Rows rows = rows_of(*logits, size, scene.other != nullptr);
  const QFontMetricsF metrics(scene.theme.small_font);
  painter.setFont(scene.theme.small_font);
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    const std::size_t number = rows.classes[i];
    const QRectF row = rows.row(i);
    painter.setFont(scene.theme.small_font);
    painter.setPen(scene.theme.text);
    painter.drawText(QRectF(row.left(), row.top(), row.width(), 15.0),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(class_name(scene, number), Qt::ElideRight, row.width()));
    const QColor color = class_color_of(static_cast<std::int64_t>(number));
    draw_bar(painter, QRectF(row.left(), row.top() + 16.0, row.width(), 11.0),
             {logits->probabilities[number], color}, scene.theme);
    if (other != nullptr) {
      QColor pale = color;
      pale.setAlphaF(0.55F);
      draw_bar(painter, QRectF(row.left(), row.top() + 30.0, row.width(), 6.0),
               {other->probabilities[number], pale}, scene.theme);
    }
  }
  const QRectF below(rows.area.left(), size.height() - kMargin - 16.0, rows.area.width(), 16.0);
  painter.setPen(scene.theme.muted);
  if (rows.left_out > 0) {
    painter.drawText(below, Qt::AlignLeft,
                     QObject::tr("%1 less probable classes do not fit").arg(rows.left_out));
  } else if (scene.other != nullptr) {
    painter.drawText(below, Qt::AlignLeft, QObject::tr("thin: %1").arg(scene.other->name()));
  }
}

std::optional<PanelHit> ProbabilitiesPanel::hit(const QPointF& point, const QSizeF& size,
                                                const Scene& scene) {
  const auto logits = scene.record.logits();
  if (logits == nullptr) return std::nullopt;
  const Rows rows = rows_of(*logits, size, scene.other != nullptr);
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    if (!rows.row(i).contains(point)) continue;
    const std::size_t number = rows.classes[i];
    return PanelHit{.text = QObject::tr("%1\nprobability %2\nlogit %3")
                                .arg(class_name(scene, number),
                                     short_number(logits->probabilities[number]),
                                     short_number(logits->logits[number]))};
  }
  return std::nullopt;
}

std::string ProbabilitiesPanel::data(DataFormat, const Scene& scene) {
  const auto logits = scene.record.logits();
  if (logits == nullptr) throw_no_answer(scene.record.logits_problem());
  const auto other = scene.other == nullptr ? nullptr : scene.other->logits();
  if (scene.other != nullptr && other == nullptr) throw_no_answer(scene.other->logits_problem());
  std::string text = data_header(scene);
  if (other != nullptr) text += "# other\t" + scene.other->record().name + "\n";
  text += "class\tlogit\tprobability";
  text += other != nullptr ? "\tother_logit\tother_probability\n" : "\n";
  for (std::size_t c = 0; c < logits->logits.size(); ++c) {
    text += scene.record.classes()[c] + "\t" + exact_text(logits->logits[c]) + "\t" +
            exact_text(logits->probabilities[c]);
    if (other != nullptr) {
      text += "\t" + exact_text(other->logits[c]) + "\t" + exact_text(other->probabilities[c]);
    }
    text += "\n";
  }
  return text;
}

}  // namespace paramixer
