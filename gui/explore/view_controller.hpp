#pragma once

#include <QObject>
#include <QUndoStack>

#include "gui/explore/view_state.hpp"

namespace paramixer {

/// Holds the view state that all panels share; every change can be undone. UI thread only.
class ViewController : public QObject {
  Q_OBJECT

 public:
  /// Successive changes of one kind that may become one step of undo.
  enum class Change {
    kMove,    ///< Pan and zoom: those in quick succession become one.
    kPlay,    ///< The steps of a playback become one.
    kChoose,  ///< Anything else.
  };

  explicit ViewController(QObject* parent = nullptr);

  const ViewState& state() const noexcept { return state_; }
  std::int64_t length() const noexcept { return length_; }
  QUndoStack& undo_stack() noexcept { return undo_; }

  /// The state in which a record of `length` bases is seen first: all of it. Choices independent of
  /// the record (palette, residual, ...) stay.
  ViewState whole(std::int64_t length) const;
  /// Resets to a record of `length` bases, all visible; drops the undo steps.
  void start(std::int64_t length) { start(length, whole(length)); }
  /// As start(), with a state to begin with.
  void start(std::int64_t length, const ViewState& state);

  /// Sets a new state, clamped to the record and to at least kLeastBases.
  void set(ViewState state, Change change = Change::kChoose);
  /// Changes one thing: `edit` gets a copy of the state.
  template <class Edit>
  void edit(Edit&& change) {
    ViewState state = state_;
    change(state);
    set(state);
  }

  void show(double begin, double end);
  /// Moves the visible range by a share of its width.
  void pan(double share);
  /// Makes the visible range `factor` times as wide, keeping `centre` where it is.
  void zoom(double factor, double centre);
  /// Pins a base, and moves there when it is not visible.
  void go_to(std::int64_t base);
  /// Steps to another factor of `factors`.
  void step_factor(std::int64_t step, std::int64_t factors);

  static constexpr double kLeastBases = 8.0;

 signals:
  void changed();

 private:
  friend class ViewChange;
  ViewState possible(ViewState state) const;
  void apply(const ViewState& state);

  ViewState state_;
  std::int64_t length_ = 1;
  QUndoStack undo_;
};

}  // namespace paramixer
