#include "gui/paint/theme.hpp"

#include <QFontDatabase>

#include "core/explain/window_calls.hpp"

namespace paramixer {
namespace {

constexpr int kLabelPixels = 12;
constexpr int kSmallPixels = 11;
constexpr int kTitlePixels = 13;

/// The same family everywhere, so that a picture does not depend on the desktop it was made on.
QFont font_of(int pixels, QFont::Weight weight = QFont::Normal) {
  QFont font(QStringLiteral("DejaVu Sans"));
  font.setStyleHint(QFont::SansSerif);
  font.setPixelSize(pixels);
  font.setWeight(weight);
  return font;
}

QFont letter_font() {
  QFont font(QStringLiteral("DejaVu Sans Mono"));
  font.setStyleHint(QFont::Monospace);
  font.setPixelSize(kLabelPixels);
  font.setWeight(QFont::Bold);
  return font;
}

}  // namespace

Theme make_theme(ThemeName name) {
  Theme theme;
  theme.name = name;
  theme.font = font_of(kLabelPixels);
  theme.small_font = font_of(kSmallPixels);
  theme.title_font = font_of(kTitlePixels, QFont::DemiBold);
  theme.letter_font = letter_font();
  if (name == ThemeName::kLight) {
    theme.background = QColor(0xffffff);
    theme.surface = QColor(0xf2f3f5);
    theme.text = QColor(0x1d232b);
    theme.muted = QColor(0x5d6875);
    theme.grid = QColor(0xd9dde2);
    theme.accent = QColor(0xb45309);
    theme.warning = QColor(0xb42318);
  } else {
    theme.background = QColor(0x15191e);
    theme.surface = QColor(0x20262d);
    theme.text = QColor(0xe6e9ed);
    theme.muted = QColor(0x9aa5b1);
    theme.grid = QColor(0x343c46);
    theme.accent = QColor(0xf0a74a);
    theme.warning = QColor(0xff8a7a);
  }
  return theme;
}

QColor base_color(char base, const Theme& theme) {
  const bool dark = theme.name == ThemeName::kDark;
  switch (base) {
    case 'A':
      return dark ? QColor(0x2fc49a) : QColor(0x00805b);
    case 'C':
      return dark ? QColor(0x5fb4f0) : QColor(0x0064a8);
    case 'G':
      return dark ? QColor(0xf0c04a) : QColor(0xa86a00);
    case 'T':
    case 'U':
      return dark ? QColor(0xff8b4d) : QColor(0xc24400);
    default:
      return theme.muted;
  }
}

QColor class_color_of(std::int64_t number) {
  return QColor::fromRgb(class_color(static_cast<std::int32_t>(number)));
}

}  // namespace paramixer
