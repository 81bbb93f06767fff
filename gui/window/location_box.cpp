#include "gui/window/location_box.hpp"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

#include "app/services/records/named_record.hpp"
#include "core/base/error.hpp"

namespace paramixer {

LocationBox::LocationBox(Board& board, QWidget* parent) : QLineEdit(parent), board_(board) {
  setObjectName(QStringLiteral("location"));
  setAccessibleName(tr("Place"));
  setPlaceholderText(tr("record:start-end"));
  setToolTip(
      tr("Current view. Type a location and press Return: 1,200-1,400, 1,250, or name:1,200-1,400 "
         "(Ctrl+L)"));
  setMinimumWidth(220);
  setEnabled(false);
  connect(&board_, &Board::changed, this, &LocationBox::show_place);
  connect(&board_, &Board::record_changed, this, &LocationBox::show_place);
  connect(this, &QLineEdit::returnPressed, this, &LocationBox::go);
}

void LocationBox::show_place() {
  const Exploration* record = board_.record();
  setEnabled(record != nullptr);
  if (record == nullptr) return clear();
  if (hasFocus() && isModified()) return;
  const ViewState& state = board_.view().state();
  const auto begin = static_cast<std::int64_t>(std::floor(state.begin));
  const auto end = static_cast<std::int64_t>(std::ceil(state.end));
  setText(QStringLiteral("%1:%2-%3").arg(record->name(), grouped(begin + 1), grouped(end)));
}

void LocationBox::go() {
  static const QRegularExpression place(QStringLiteral("^[\\d,]+(-[\\d,]*)?$"));
  const QString typed = text().trimmed();
  setModified(false);
  if (typed.isEmpty()) return show_place();
  if (place.match(typed).hasMatch()) return go_to_place(typed);
  const QString open = board_.record()->name();
  const qsizetype colon = typed.lastIndexOf(QLatin1Char(':'));
  const QString after = colon < 0 ? QString() : typed.mid(colon + 1);
  const bool has_place = place.match(after).hasMatch();
  const QString name = has_place ? typed.left(colon) : typed;
  if (name != open) {
    emit record_wanted(name, has_place ? after : QString());
  } else if (has_place) {
    go_to_place(after);
  }
}

void LocationBox::go_to_place(const QString& place) {
  try {
    std::string unused;
    const BaseRange range = parse_base_range(place.toStdString(), unused);
    const std::int64_t length = board_.record()->length();
    const bool one_base = !place.contains(QLatin1Char('-'));
    const std::int64_t last = range.end == 0 ? length : std::min(range.end, length);
    if (range.begin > length) {
      throw Error("the record has " + std::to_string(length) + " bases, so there is no position " +
                  std::to_string(range.begin));
    }
    if (one_base) {
      board_.view().go_to(range.begin - 1);
    } else {
      board_.view().show(static_cast<double>(range.begin - 1), static_cast<double>(last));
    }
    show_place();
  } catch (const Error& error) {
    emit failed(QString::fromUtf8(error.what()));
  }
}

}  // namespace paramixer
