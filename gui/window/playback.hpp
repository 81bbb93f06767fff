#pragma once

#include <QObject>
#include <QTimer>

#include "gui/window/board.hpp"

namespace paramixer {

/// Plays how a value that starts at the pinned base spreads through the factors: steps
/// ViewState::spread_step from 0 to M, and stops.
class Playback : public QObject {
  Q_OBJECT

 public:
  explicit Playback(Board& board, QObject* parent = nullptr);

  bool is_playing() const { return timer_.isActive(); }
  /// Starts, from the pinned base or the middle of what is visible; stops when it is playing.
  void toggle();
  void stop();

 signals:
  void playing_changed(bool playing);

 private:
  void step();

  Board& board_;
  QTimer timer_;
};

}  // namespace paramixer
