#include "gui/panel/attribution_panel.hpp"

#include <cmath>

#include "gui/paint/sequence_letters.hpp"
#include "gui/paint/track_bars.hpp"
#include "gui/panel/panel_data.hpp"

namespace paramixer {
namespace {

constexpr double kFactsHeight = 18.0;

struct Answer {
  std::unique_ptr<ContrastKey> key;
  std::shared_ptr<const AttributionAnswer> value;
  QString problem;
};

Answer ask(Exploration& record, const ViewState& view) {
  Answer answer{record.contrast(view.target_class, view.against_class), nullptr, {}};
  if (answer.key == nullptr) {
    answer.problem = record.logits_problem();
    return answer;
  }
  answer.value = record.attribution(*answer.key);
  if (answer.value == nullptr) answer.problem = record.problem(*answer.key);
  return answer;
}

/// Where the bars are: between the line of facts and the letters.
QRectF bar_area(const QSizeF& size) {
  return plot_area_above_ruler(size).adjusted(0.0, kFactsHeight, 0.0, -kLetterHeight);
}

QString sum_text(const Exploration& record, const ContrastKey& key, const Attribution& facts) {
  const double sum = facts.logit - facts.bias - facts.gap;
  QString text = QObject::tr("%1:  bias %2  +  bases %3  ")
                     .arg(contrast_text(record, key), short_number(facts.bias), short_number(sum));
  if (std::abs(facts.gap) > 1e-3 * std::max(1.0, std::abs(facts.logit))) {
    text += QObject::tr("+  gap %1  ").arg(short_number(facts.gap));
  }
  return text + QObject::tr("=  logit %1").arg(short_number(facts.logit));
}

/// "exact", or what else the method's name begins with.
QString short_method(const Attribution& facts) {
  return QString::fromStdString(facts.method).section(QStringLiteral(" ("), 0, 0);
}

void draw_facts(QPainter& painter, const QRectF& area, const Scene& scene, const ContrastKey& key,
                const Attribution& facts) {
  const QRectF line(area.left(), area.top() - kFactsHeight, area.width(), kFactsHeight - 3.0);
  const QString method = short_method(facts);
  const QFontMetricsF metrics(scene.theme.small_font);
  painter.setFont(scene.theme.small_font);
  painter.setPen(scene.theme.text);
  const double right = metrics.horizontalAdvance(method) + 16.0;
  painter.drawText(
      line, Qt::AlignLeft | Qt::AlignVCenter,
      metrics.elidedText(sum_text(scene.record, key, facts), Qt::ElideRight, line.width() - right));
  painter.setPen(scene.theme.muted);
  painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, method);
}

}  // namespace

QString contrast_text(const Exploration& record, const ContrastKey& key) {
  const auto name = [&](std::int64_t number) {
    return QString::fromStdString(record.classes()[static_cast<std::size_t>(number)]);
  };
  return key.against < 0 ? QObject::tr("class %1").arg(name(key.target))
                         : QObject::tr("%1 against %2").arg(name(key.target), name(key.against));
}

QString AttributionPanel::help() const {
  return QObject::tr(
      "The contribution of every base to the logit of the class, or to its difference from another "
      "class. The bias and all bases add up to the logit.");
}

std::optional<QRectF> AttributionPanel::base_area(const QSizeF& size) const {
  return plot_area_above_ruler(size);
}

void AttributionPanel::paint(QPainter& painter, const QSizeF& size, const Scene& scene) {
  const QRectF area = bar_area(size);
  const BaseScale scale = base_scale(area, scene.view);
  const Answer answer = ask(scene.record, scene.view);
  const QRectF ruler(area.left(), area.bottom() + kLetterHeight, area.width(), kBaseAxisHeight);
  draw_sequence_letters(painter, QRectF(area.left(), area.bottom(), area.width(), kLetterHeight),
                        scale, scene.record, scene.theme);
  draw_base_axis(painter, ruler, scale, scene.theme);
  if (answer.value == nullptr) {
    draw_note(painter, area, waiting_text(scene.record, answer.problem), scene.theme);
    return;
  }
  const TrackBars bars(answer.value->track, scale);
  const ValueAxis axis = bars.axis(QObject::tr("contribution"));
  draw_value_axis(painter, area, axis, scene.theme);
  bars.draw(painter, area, axis, ColorScale(scene.view.palette, 1.0, scene.theme));
  draw_pinned_base(painter, area, scene);
  draw_facts(painter, area, scene, *answer.key, answer.value->facts);
}

std::optional<PanelHit> AttributionPanel::hit(const QPointF& point, const QSizeF& size,
                                              const Scene& scene) {
  const auto base = base_under(point.x(), plot_area_above_ruler(size), scene);
  if (!base) return std::nullopt;
  const Answer answer = ask(scene.record, scene.view);
  if (answer.value == nullptr)
    return PanelHit{.text = waiting_text(scene.record, answer.problem), .base = base};
  const float value = answer.value->track.at(*base);
  QString text = base_text(scene.record, *base) +
                 QObject::tr("\ncontributes %1 to %2\n%3")
                     .arg(short_number(value), contrast_text(scene.record, *answer.key),
                          QString::fromStdString(answer.value->facts.method));
  return PanelHit{.text = text, .base = base};
}

QString AttributionPanel::missing(const QSizeF&, const Scene& scene) {
  const Answer answer = ask(scene.record, scene.view);
  return answer.value != nullptr ? QString() : waiting_text(scene.record, answer.problem);
}

std::string AttributionPanel::data(DataFormat format, const Scene& scene) {
  const Answer answer = ask(scene.record, scene.view);
  if (answer.value == nullptr) throw_no_answer(answer.problem);
  const Attribution& facts = answer.value->facts;
  return data_header(scene, {{"explains", contrast_text(scene.record, *answer.key)},
                             {"method", QString::fromStdString(facts.method)},
                             {"bias", QString::fromStdString(exact_text(facts.bias))},
                             {"logit", QString::fromStdString(exact_text(facts.logit))},
                             {"gap", QString::fromStdString(exact_text(facts.gap))}}) +
         track_data(format, answer.value->track, scene);
}

}  // namespace paramixer
