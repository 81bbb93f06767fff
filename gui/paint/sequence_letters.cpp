#include "gui/paint/sequence_letters.hpp"

#include <algorithm>
#include <cmath>

namespace paramixer {

void draw_sequence_letters(QPainter& painter, const QRectF& area, const BaseScale& scale,
                           const Exploration& record, const Theme& theme) {
  if (scale.pixels_per_base() < kLetterPixels) return;
  const auto first = std::max<std::int64_t>(static_cast<std::int64_t>(scale.begin), 0);
  const auto last = std::min(static_cast<std::int64_t>(std::ceil(scale.end)), record.length());
  painter.save();
  painter.setClipRect(area);
  painter.setFont(theme.letter_font);
  for (std::int64_t base = first; base < last; ++base) {
    const char letter = record.base_at(base);
    painter.setPen(base_color(letter, theme));
    painter.drawText(QRectF(scale.x(static_cast<double>(base)), area.top(), scale.pixels_per_base(),
                            area.height()),
                     Qt::AlignCenter, QString(QLatin1Char(letter)));
  }
  painter.restore();
}

}  // namespace paramixer
