#include "gui/paint/palette.hpp"

#include <QImage>
#include <algorithm>
#include <cmath>

#include "gui/paint/axis.hpp"

namespace paramixer {
namespace {

struct Ends {
  QColor negative;
  QColor positive;
};

Ends ends_of(PaletteName palette, ThemeName theme) {
  const bool dark = theme == ThemeName::kDark;
  switch (palette) {
    case PaletteName::kPurpleGreen:
      return dark ? Ends{QColor(0xc38ae6), QColor(0x5fd08a)}
                  : Ends{QColor(0x6a1b8f), QColor(0x0b6b35)};
    case PaletteName::kGrey:
      return dark ? Ends{QColor(Qt::white), QColor(Qt::white)}
                  : Ends{QColor(Qt::black), QColor(Qt::black)};
    default:
      return dark ? Ends{QColor(0x5aa9ff), QColor(0xff7a66)}
                  : Ends{QColor(0x0b4fa3), QColor(0xb3200f)};
  }
}

QRgb mixed(const QColor& from, const QColor& to, double share) {
  const auto part = [share](int a, int b) {
    return static_cast<int>(std::lround(a + share * (b - a)));
  };
  return qRgb(part(from.red(), to.red()), part(from.green(), to.green()),
              part(from.blue(), to.blue()));
}

}  // namespace

ColorScale::ColorScale(PaletteName palette, double limit, const Theme& theme)
    : limit_(limit > 0.0 ? limit : 1.0), none_(theme.surface.rgb()) {
  const Ends ends = ends_of(palette, theme.name);
  for (int i = -kHalf; i <= kHalf; ++i) {
    // A little steeper near zero, so that weak links differ visibly from none.
    const double share = std::pow(std::abs(i) / static_cast<double>(kHalf), 0.8);
    colors_[static_cast<std::size_t>(i + kHalf)] =
        mixed(theme.background, i < 0 ? ends.negative : ends.positive, share);
  }
}

QColor ColorScale::clear_color(float value) const {
  constexpr double kLeastAlpha = 0.12;
  const double share = std::min(std::abs(value) / limit_, 1.0);
  QColor color(colors_[value < 0.0F ? 0 : 2 * kHalf]);
  color.setAlphaF(static_cast<float>(kLeastAlpha + (1.0 - kLeastAlpha) * share));
  return color;
}

QRgb ColorScale::color(float value) const noexcept {
  if (std::isnan(value)) return none_;
  const double share = std::clamp(value / limit_, -1.0, 1.0);
  return colors_[static_cast<std::size_t>(std::lround(share * kHalf) + kHalf)];
}

void draw_color_legend(QPainter& painter, const QRectF& area, const ColorScale& scale,
                       const QString& unit, const Theme& theme) {
  constexpr double kBarWidth = 12.0;
  constexpr double kMostHeight = 160.0;
  constexpr int kSteps = 128;
  constexpr int kDigits = 3;
  const QFontMetricsF metrics(theme.small_font);
  painter.save();
  painter.setFont(theme.small_font);
  painter.setPen(theme.muted);
  painter.drawText(QRectF(area.left(), area.top(), area.width(), metrics.height()), Qt::AlignLeft,
                   unit);
  const double top = area.top() + metrics.height() * 1.6;
  const double height = std::min(kMostHeight, area.bottom() - top - metrics.height() / 2.0);
  const QRectF bar(area.left(), top, kBarWidth, std::max(height, 0.0));
  QImage image(1, kSteps, QImage::Format_RGB32);
  for (int i = 0; i < kSteps; ++i) {
    const double share = 1.0 - 2.0 * (i + 0.5) / kSteps;
    image.setPixel(0, i, scale.color(static_cast<float>(share * scale.limit())));
  }
  painter.drawImage(bar, image);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(theme.grid);
  painter.drawRect(bar);
  painter.setPen(theme.text);
  const auto label = [&](double share, double value) {
    const double y = bar.top() + share * bar.height();
    painter.drawText(
        QRectF(bar.right() + 5.0, y - metrics.height() / 2.0, area.width(), metrics.height()),
        Qt::AlignLeft | Qt::AlignVCenter, short_number(value, kDigits));
  };
  label(0.0, scale.limit());
  label(0.5, 0.0);
  label(1.0, -scale.limit());
  painter.restore();
}

}  // namespace paramixer
