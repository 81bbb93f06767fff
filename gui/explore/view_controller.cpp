#include "gui/explore/view_controller.hpp"

#include <QElapsedTimer>
#include <QUndoCommand>
#include <algorithm>
#include <cmath>

namespace paramixer {
namespace {

constexpr qint64 kQuickMs = 600;
constexpr int kUndoSteps = 500;

}  // namespace

class ViewChange final : public QUndoCommand {
 public:
  ViewChange(ViewController& controller, const ViewState& after, ViewController::Change change)
      : controller_(controller), before_(controller.state()), after_(after), change_(change) {
    setText(change == ViewController::Change::kMove ? QObject::tr("move") : QObject::tr("choice"));
    age_.start();
  }

  void undo() override { controller_.apply(before_); }
  void redo() override { controller_.apply(after_); }
  int id() const override {
    return change_ == ViewController::Change::kChoose ? -1 : static_cast<int>(change_);
  }

  bool mergeWith(const QUndoCommand* later) override {
    const auto* move = dynamic_cast<const ViewChange*>(later);
    if (move == nullptr) return false;
    if (change_ == ViewController::Change::kMove && age_.elapsed() > kQuickMs) return false;
    after_ = move->after_;
    age_.restart();
    return true;
  }

 private:
  ViewController& controller_;
  ViewState before_;
  ViewState after_;
  ViewController::Change change_;
  QElapsedTimer age_;
};

ViewController::ViewController(QObject* parent) : QObject(parent) {
  undo_.setUndoLimit(kUndoSteps);
}

ViewState ViewController::whole(std::int64_t length) const {
  ViewState state = state_;
  state.begin = 0.0;
  state.end = static_cast<double>(length);
  state.pinned.reset();
  state.spread_step = -1;
  return state;
}

void ViewController::start(std::int64_t length, const ViewState& state) {
  length_ = std::max<std::int64_t>(length, 1);
  undo_.clear();
  apply(possible(state));
}

void ViewController::set(ViewState state, Change change) {
  state = possible(state);
  if (state == state_) return;
  undo_.push(new ViewChange(*this, state, change));
}

void ViewController::apply(const ViewState& state) {
  state_ = state;
  emit changed();
}

ViewState ViewController::possible(ViewState state) const {
  const auto length = static_cast<double>(length_);
  const double width = std::clamp(state.end - state.begin, std::min(kLeastBases, length), length);
  state.begin = std::clamp(state.begin, 0.0, length - width);
  state.end = state.begin + width;
  if (state.pinned) state.pinned = std::clamp<std::int64_t>(*state.pinned, 0, length_ - 1);
  return state;
}

void ViewController::show(double begin, double end) {
  ViewState state = state_;
  state.begin = begin;
  state.end = end;
  set(state, Change::kMove);
}

void ViewController::pan(double share) {
  const double distance = share * (state_.end - state_.begin);
  show(state_.begin + distance, state_.end + distance);
}

void ViewController::zoom(double factor, double centre) {
  const double width = std::clamp((state_.end - state_.begin) * factor, kLeastBases,
                                  std::max(kLeastBases, static_cast<double>(length_)));
  const double share = (centre - state_.begin) / (state_.end - state_.begin);
  show(centre - share * width, centre + (1.0 - share) * width);
}

void ViewController::go_to(std::int64_t base) {
  ViewState state = state_;
  state.pinned = base;
  const auto place = static_cast<double>(base) + 0.5;
  if (place < state.begin || place > state.end) {
    const double width = state.end - state.begin;
    state.begin = place - width / 2.0;
    state.end = state.begin + width;
  }
  set(state);
}

void ViewController::step_factor(std::int64_t step, std::int64_t factors) {
  if (factors <= 0) return;
  edit([&](ViewState& state) {
    state.factor = ((state.factor + step) % factors + factors) % factors;
  });
}

}  // namespace paramixer
