#include "gui/window/board.hpp"

#include <utility>

namespace paramixer {

Board::Board(QObject* parent) : QObject(parent), theme_(make_theme(ThemeName::kLight)) {
  connect(&view_, &ViewController::changed, this, [this] {
    resume();
    emit changed();
  });
}

void Board::watch(Exploration* record) {
  if (record == nullptr) return;
  connect(record, &Exploration::arrived, this, &Board::changed);
  connect(record, &Exploration::progressed, this, &Board::progressed);
}

void Board::close() {
  // Computations for a record no longer shown would only delay the next one.
  if (record_ != nullptr) record_->stop();
  if (other_ != nullptr) other_->stop();
  record_.reset();
  other_.reset();
}

namespace {

/// A view of an earlier model or of a session may name classes and factors that this one lacks.
ViewState made_possible(ViewState state, const Exploration& record) {
  const std::int64_t classes = std::ssize(record.classes());
  if (state.target_class < -1 || state.target_class >= classes) state.target_class = -1;
  if (state.against_class < -1 || state.against_class >= classes) state.against_class = -1;
  if (state.factor >= record.factors()) state.factor = 0;
  return state;
}

}  // namespace

void Board::forget_classes() {
  ViewState state = view_.state();
  state.target_class = state.against_class = -1;
  view_.start(view_.length(), state);
}

void Board::set_record(std::unique_ptr<Exploration> record) {
  const ViewState state = view_.whole(record == nullptr ? 1 : record->length());
  set_record(std::move(record), state);
}

void Board::set_record(std::unique_ptr<Exploration> record, const ViewState& state) {
  close();
  record_ = std::move(record);
  watch(record_.get());
  if (record_ == nullptr) {
    view_.start(1, state);
  } else {
    view_.start(record_->length(), made_possible(state, *record_));
  }
  emit record_changed();
}

void Board::set_other(std::unique_ptr<Exploration> other) {
  other_ = std::move(other);
  watch(other_.get());
  emit changed();
}

void Board::set_theme(ThemeName name) {
  theme_ = make_theme(name);
  emit changed();
}

std::optional<Scene> Board::scene() const { return scene(theme_); }

std::optional<Scene> Board::scene(const Theme& theme) const {
  if (record_ == nullptr) return std::nullopt;
  return Scene{*record_, other_.get(), view_.state(), theme};
}

bool Board::is_waiting() const {
  return (record_ != nullptr && record_->is_waiting()) ||
         (other_ != nullptr && other_->is_waiting());
}

void Board::resume() {
  for (Exploration* record : {record_.get(), other_.get()}) {
    if (record != nullptr) record->resume();
  }
}

void Board::cancel() {
  if (record_ != nullptr) record_->stop();
  if (other_ != nullptr) other_->stop();
  emit changed();
}

}  // namespace paramixer
