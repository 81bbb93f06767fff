#include "gui/paint/curve_chart.hpp"

#include <QPainterPath>
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/paint/axis.hpp"

namespace paramixer {
namespace {

constexpr double kLeft = 64.0;
constexpr double kRight = 14.0;
constexpr double kKeyHeight = 18.0;
constexpr double kStepAxis = 36.0;

struct Series {
  QString name;
  double CurvePoint::*value;
  QColor color;
};

/// Colours of training and validation that colour-blind people can distinguish, in both themes.
QColor train_color(const Theme& theme) {
  return theme.name == ThemeName::kDark ? QColor(0x5aa9ff) : QColor(0x0b4fa3);
}
QColor valid_color(const Theme& theme) {
  return theme.name == ThemeName::kDark ? QColor(0xf0a74a) : QColor(0xb45309);
}

QRectF chart_area(const QSizeF& size, int number) {
  const double height = (size.height() - kStepAxis) / 2.0;
  return {kLeft, number * height + kKeyHeight + 6.0, std::max(size.width() - kLeft - kRight, 1.0),
          std::max(height - kKeyHeight - 14.0, 1.0)};
}

double last_step(const MetricsCurve& curve) {
  return std::max<double>(1.0, static_cast<double>(curve.points.back().step));
}

double x_of(const CurvePoint& point, const QRectF& area, const MetricsCurve& curve) {
  return area.left() + static_cast<double>(point.step) / last_step(curve) * area.width();
}

ValueAxis axis_of(const MetricsCurve& curve, const std::array<Series, 2>& series,
                  const QString& caption) {
  ValueAxis axis{0.0, 0.0, caption};
  for (const Series& one : series) {
    for (const CurvePoint& point : curve.points) {
      if (std::isfinite(point.*one.value)) axis.high = std::max(axis.high, point.*one.value);
    }
  }
  axis.high = axis.high > 0.0 ? axis.high * 1.05 : 1.0;
  return axis;
}

void draw_series(QPainter& painter, const QRectF& area, const MetricsCurve& curve,
                 const Series& series, const ValueAxis& axis) {
  QPainterPath path;
  bool begun = false;
  for (const CurvePoint& point : curve.points) {
    const double value = point.*series.value;
    if (!std::isfinite(value)) continue;
    const QPointF at(x_of(point, area, curve),
                     area.bottom() - (value - axis.low) / (axis.high - axis.low) * area.height());
    begun ? path.lineTo(at) : path.moveTo(at);
    begun = true;
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(series.color, 1.6));
  painter.drawPath(path);
  if (curve.points.size() == 1) painter.drawEllipse(path.currentPosition(), 2.5, 2.5);
}

void draw_key(QPainter& painter, const QRectF& area, const std::array<Series, 2>& series,
              const Theme& theme) {
  const QFontMetricsF metrics(theme.small_font);
  painter.setFont(theme.small_font);
  double x = area.left();
  for (const Series& one : series) {
    const double y = area.top() - kKeyHeight / 2.0;
    painter.setPen(QPen(one.color, 2.0));
    painter.drawLine(QPointF(x, y), QPointF(x + 18.0, y));
    painter.setPen(theme.text);
    painter.drawText(QPointF(x + 23.0, y + metrics.ascent() / 2.0 - 1.0), one.name);
    x += 40.0 + metrics.horizontalAdvance(one.name);
  }
}

void draw_steps(QPainter& painter, const QRectF& area, const MetricsCurve& curve,
                const Theme& theme) {
  const QFontMetricsF metrics(theme.small_font);
  painter.setFont(theme.small_font);
  const int most = std::max(2, static_cast<int>(area.width() / 90.0));
  for (const double tick : round_ticks(0.0, last_step(curve), most)) {
    const double x = area.left() + tick / last_step(curve) * area.width();
    painter.setPen(theme.muted);
    painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4.0));
    painter.setPen(theme.text);
    painter.drawText(QRectF(x - 40.0, area.bottom() + 5.0, 80.0, metrics.height()),
                     Qt::AlignHCenter, grouped(std::llround(tick)));
  }
  painter.setPen(theme.muted);
  painter.drawText(QRectF(area.left(), area.bottom() + 5.0 + metrics.height(), area.width(),
                          metrics.height() + 2.0),
                   Qt::AlignHCenter, QObject::tr("training steps"));
}

struct Chart {
  std::array<Series, 2> series;
  ValueAxis axis;
};

void draw_chart(QPainter& painter, const QRectF& area, const MetricsCurve& curve,
                const Chart& chart, const Theme& theme) {
  draw_value_axis(painter, area, chart.axis, theme);
  for (const Series& one : chart.series) draw_series(painter, area, curve, one, chart.axis);
  draw_key(painter, area, chart.series, theme);
}

}  // namespace

void draw_curve(QPainter& painter, const QSizeF& size, const MetricsCurve& curve,
                const Theme& theme) {
  const QColor train = train_color(theme);
  const QColor valid = valid_color(theme);
  const std::array<Series, 2> losses{
      Series{QObject::tr("training"), &CurvePoint::train_loss, train},
      Series{QObject::tr("validation"), &CurvePoint::valid_log_loss, valid}};
  const std::array<Series, 2> accuracies{
      Series{QObject::tr("training"), &CurvePoint::train_accuracy, train},
      Series{QObject::tr("validation"), &CurvePoint::valid_balanced_accuracy, valid}};
  draw_chart(painter, chart_area(size, 0), curve,
             {losses, axis_of(curve, losses, QObject::tr("loss"))}, theme);
  draw_chart(painter, chart_area(size, 1), curve,
             {accuracies, {0.0, 1.0, QObject::tr("accuracy (validation: balanced)")}}, theme);
  draw_steps(painter, chart_area(size, 1), curve, theme);
}

QString curve_text(double x, const QSizeF& size, const MetricsCurve& curve) {
  const QRectF area = chart_area(size, 0);
  const auto nearest = std::min_element(
      curve.points.begin(), curve.points.end(), [&](const CurvePoint& a, const CurvePoint& b) {
        return std::abs(x_of(a, area, curve) - x) < std::abs(x_of(b, area, curve) - x);
      });
  return QObject::tr(
             "step %1, windows up to %2 bases\nloss %3 training, %4 validation\n"
             "accuracy %5 training, %6 validation\nbalanced accuracy %7, macro F1 %8")
      .arg(grouped(nearest->step), grouped(nearest->length), short_number(nearest->train_loss),
           short_number(nearest->valid_log_loss), short_number(nearest->train_accuracy),
           short_number(nearest->valid_accuracy), short_number(nearest->valid_balanced_accuracy),
           short_number(nearest->valid_macro_f1));
}

}  // namespace paramixer
