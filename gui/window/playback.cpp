#include "gui/window/playback.hpp"

namespace paramixer {
namespace {

constexpr int kStepMs = 700;

}  // namespace

Playback::Playback(Board& board, QObject* parent) : QObject(parent), board_(board) {
  timer_.setInterval(kStepMs);
  connect(&timer_, &QTimer::timeout, this, &Playback::step);
  connect(&board_, &Board::record_changed, this, &Playback::stop);
}

void Playback::toggle() {
  if (is_playing()) return stop();
  if (board_.record() == nullptr) return;
  ViewState state = board_.view().state();
  if (!state.pinned) state.pinned = static_cast<std::int64_t>((state.begin + state.end) / 2.0);
  state.spread_step = 0;
  state.factor = 0;
  board_.view().set(state, ViewController::Change::kPlay);
  timer_.start();
  emit playing_changed(true);
}

void Playback::stop() {
  if (!is_playing()) return;
  timer_.stop();
  emit playing_changed(false);
}

void Playback::step() {
  ViewState state = board_.view().state();
  const std::int64_t factors = board_.record() == nullptr ? 0 : board_.record()->factors();
  if (state.spread_step >= factors) return stop();
  ++state.spread_step;
  state.factor = std::max<std::int64_t>(state.spread_step - 1, 0);
  board_.view().set(state, ViewController::Change::kPlay);
}

}  // namespace paramixer
