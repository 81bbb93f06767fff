#pragma once

#include <QColor>
#include <QFont>
#include <cstdint>

namespace paramixer {

enum class ThemeName { kLight, kDark };

/// Colours and type of all panels. Exports always use the light one, on white.
struct Theme {
  ThemeName name = ThemeName::kLight;
  QColor background;  ///< Background of a panel.
  QColor surface;     ///< Boxes on a panel; strips without data.
  QColor text;
  QColor muted;   ///< Axes, units, notes.
  QColor grid;    ///< Thin lines.
  QColor accent;  ///< Selection, pinned base, chosen factor.
  QColor warning;
  QFont font;        ///< Labels.
  QFont small_font;  ///< Ticks, notes.
  QFont title_font;
  QFont letter_font;  ///< Bases; fixed width.
};

Theme make_theme(ThemeName name);

/// Colour of a base's letter: A, C, G, T distinguishable by colour-blind people; grey for others.
QColor base_color(char base, const Theme& theme);
/// Colour of a class, the same as in the tracks that `scan` writes.
QColor class_color_of(std::int64_t number);

}  // namespace paramixer
