#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "gui/explore/exploration.hpp"
#include "gui/explore/view_controller.hpp"
#include "gui/paint/theme.hpp"
#include "gui/panel/panel.hpp"

namespace paramixer {

/// State shared by all panels of a window: a record, possibly one to compare it with, one view
/// state, one theme. UI thread only.
class Board : public QObject {
  Q_OBJECT

 public:
  explicit Board(QObject* parent = nullptr);

  /// Null before a record is open.
  Exploration* record() const noexcept { return record_.get(); }
  Exploration* other() const noexcept { return other_.get(); }
  /// Opens a record, all of it visible; null closes it.
  void set_record(std::unique_ptr<Exploration> record);
  /// Opens a record with an initial view state.
  void set_record(std::unique_ptr<Exploration> record, const ViewState& state);
  /// Another model: its classes are others.
  void forget_classes();
  void set_other(std::unique_ptr<Exploration> other);

  ViewController& view() noexcept { return view_; }
  const Theme& theme() const noexcept { return theme_; }
  void set_theme(ThemeName name);

  /// The scene for panels; empty without a record.
  std::optional<Scene> scene() const;
  std::optional<Scene> scene(const Theme& theme) const;

  /// Whether an answer is pending for either record.
  bool is_waiting() const;
  /// Stops computing; resumes when the view changes, or by resume().
  void cancel();
  void resume();

 signals:
  /// Draw again.
  void changed();
  /// Another record, or none.
  void record_changed();
  void progressed(const QString& what, qint64 done, qint64 total);

 private:
  void close();
  void watch(Exploration* record);

  std::unique_ptr<Exploration> record_;
  std::unique_ptr<Exploration> other_;
  ViewController view_;
  Theme theme_;
};

}  // namespace paramixer
