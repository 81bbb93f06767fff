#pragma once

#include <QPainter>
#include <QRectF>

#include "gui/explore/exploration.hpp"
#include "gui/paint/axis.hpp"
#include "gui/paint/theme.hpp"

namespace paramixer {

/// Width of a base from which its letter can be read.
inline constexpr double kLetterPixels = 9.0;
inline constexpr double kLetterHeight = 16.0;

/// Writes the bases of the visible range as letters into `area`; nothing when they are too narrow.
void draw_sequence_letters(QPainter& painter, const QRectF& area, const BaseScale& scale,
                           const Exploration& record, const Theme& theme);

}  // namespace paramixer
