#include "gui/paint/axis.hpp"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace paramixer {

std::vector<double> round_ticks(double begin, double end, int most) {
  std::vector<double> ticks;
  if (!(end > begin) || most < 1) return ticks;
  const double rough = (end - begin) / most;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * power;
  for (const double round : {1.0, 2.0, 5.0}) {
    if (round * power >= rough) {
      step = round * power;
      break;
    }
  }
  for (double i = std::ceil(begin / step); i * step <= end + 1e-9 * step; i += 1.0) {
    ticks.push_back(i * step);
  }
  return ticks;
}

QString grouped(std::int64_t number) {
  return QLocale(QLocale::English, QLocale::UnitedStates).toString(static_cast<qlonglong>(number));
}

QString short_number(double number, int digits) {
  static constexpr char16_t kRaised[] =
      u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
  if (std::isnan(number)) return QStringLiteral("–");
  if (number == 0.0) return QStringLiteral("0");
  const QString text = QString::number(number, 'g', digits);
  QString short_text = text.section(QLatin1Char('e'), 0, 0);
  if (const QString power = text.section(QLatin1Char('e'), 1); !power.isEmpty()) {
    short_text += QChar(0x00d7) + QStringLiteral("10");
    if (power.startsWith(QLatin1Char('-'))) short_text += QChar(0x207b);
    for (const QChar digit : QString::number(std::abs(power.toInt()))) {
      short_text += QChar(kRaised[digit.digitValue()]);
    }
  }
  return short_text.replace(QLatin1Char('-'), QChar(0x2212));
}

void draw_base_axis(QPainter& painter, const QRectF& area, const BaseScale& scale,
                    const Theme& theme) {
  constexpr double kTick = 5.0;
  constexpr double kPixelsPerTick = 80.0;
  const QFontMetricsF metrics(theme.small_font);
  painter.save();
  painter.setFont(theme.small_font);
  painter.setPen(theme.muted);
  painter.drawLine(QPointF(area.left(), area.top()), QPointF(area.right(), area.top()));
  const int most = std::max(1, static_cast<int>(area.width() / kPixelsPerTick));
  double last_right = area.left() - 1e6;
  for (const double tick : round_ticks(scale.begin + 1.0, scale.end, most)) {
    if (tick != std::floor(tick)) continue;
    const double x = scale.x(tick - 0.5);
    painter.setPen(theme.muted);
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.top() + kTick));
    const QString text = grouped(std::llround(tick));
    const double width = metrics.horizontalAdvance(text);
    const double left = std::clamp(x - width / 2.0, area.left(), area.right() - width);
    if (left < last_right + 8.0) continue;
    last_right = left + width;
    painter.setPen(theme.text);
    painter.drawText(QPointF(left, area.top() + kTick + metrics.ascent() + 1.0), text);
  }
  painter.setPen(theme.muted);
  painter.drawText(QRectF(area.left(), area.top() + kTick + metrics.height(), area.width(),
                          metrics.height() + 2.0),
                   Qt::AlignHCenter | Qt::AlignTop, QObject::tr("position (bases)"));
  painter.restore();
}

void draw_value_axis(QPainter& painter, const QRectF& area, const ValueAxis& axis,
                     const Theme& theme) {
  constexpr double kPixelsPerTick = 24.0;
  const QFontMetricsF metrics(theme.small_font);
  painter.save();
  painter.setFont(theme.small_font);
  const int most = std::max(1, static_cast<int>(area.height() / kPixelsPerTick));
  double widest = 0.0;
  for (const double tick : round_ticks(axis.low, axis.high, most)) {
    const double y = area.bottom() - (tick - axis.low) / (axis.high - axis.low) * area.height();
    painter.setPen(tick == 0.0 ? theme.muted : theme.grid);
    painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    painter.setPen(theme.text);
    const QString text = short_number(tick);
    widest = std::max(widest, metrics.horizontalAdvance(text));
    painter.drawText(QRectF(area.left() - 86.0, y - metrics.height() / 2.0, 80.0, metrics.height()),
                     Qt::AlignRight | Qt::AlignVCenter, text);
  }
  painter.restore();
  draw_axis_caption(painter, area, widest + 14.0, axis.caption, theme);
}

void draw_axis_caption(QPainter& painter, const QRectF& area, double distance, const QString& text,
                       const Theme& theme) {
  const QFontMetricsF metrics(theme.small_font);
  if (metrics.horizontalAdvance(text) > area.height()) return;
  painter.save();
  painter.setFont(theme.small_font);
  painter.setPen(theme.muted);
  painter.translate(area.left() - distance, area.center().y());
  painter.rotate(-90.0);
  painter.drawText(QRectF(-area.height() / 2.0, -metrics.height(), area.height(), metrics.height()),
                   Qt::AlignHCenter | Qt::AlignBottom, text);
  painter.restore();
}

void draw_note(QPainter& painter, const QRectF& area, const QString& text, const Theme& theme) {
  painter.save();
  painter.setFont(theme.font);
  painter.setPen(theme.muted);
  painter.drawText(area.adjusted(16.0, 8.0, -16.0, -8.0), Qt::AlignCenter | Qt::TextWordWrap, text);
  painter.restore();
}

}  // namespace paramixer
