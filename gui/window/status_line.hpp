#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QWidget>

#include "gui/explore/open_data.hpp"
#include "gui/window/board.hpp"

namespace paramixer {

/// What is going on: a progress bar and a button to stop it while something is computed, and what a
/// reader of the pictures should never forget.
class StatusLine : public QWidget {
  Q_OBJECT

 public:
  StatusLine(OpenData& open_data, Board& board, QWidget* parent = nullptr);

 signals:
  void cancel_wanted();

 private:
  void show_progress(const QString& what, qint64 done, qint64 total);
  void look();

  OpenData& data_;
  Board& board_;
  QLabel* what_;
  QProgressBar* bar_;
  QPushButton* stop_;
  QTimer timer_;
};

}  // namespace paramixer
