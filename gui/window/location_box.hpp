#pragma once

#include <QLineEdit>

#include "gui/window/board.hpp"

namespace paramixer {

/// The box `record:start-end`: shows the current view and moves it. Takes `a-b`, one position,
/// `record`, `record:a-b`, with thousands separators.
class LocationBox : public QLineEdit {
  Q_OBJECT

 public:
  explicit LocationBox(Board& board, QWidget* parent = nullptr);

 signals:
  /// Another record was named; `place` is the part after the colon, possibly empty.
  void record_wanted(const QString& name, const QString& place);
  void failed(const QString& message);

 public slots:
  /// Moves to `a-b` or `a` in the open record.
  void go_to_place(const QString& place);

 private:
  void show_place();
  void go();

  Board& board_;
};

}  // namespace paramixer
