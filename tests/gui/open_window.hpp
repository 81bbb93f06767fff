#pragma once

#include <QString>
#include <QStringList>
#include <functional>

#include "gui/render/render_options.hpp"
#include "gui/window/main_window.hpp"

class QWidget;

namespace paramixer::test {

/// A main window on the screen, and ways to wait for what it does and to use it as a person does.
class OpenWindow {
 public:
  explicit OpenWindow(OpenDataOptions options = {});

  MainWindow& window() { return window_; }
  Board& board() { return window_.board(); }
  const ViewState& view() { return board().view().state(); }
  PanelWidget& panel(const char* name) { return *window_.panel(QLatin1String(name)); }

  /// Opens a model and sequence files and waits for the record; false when it does not come.
  bool open(const GuiOptions& options);
  /// Waits until the catalog is complete, a record is open and nothing that is visible is missing.
  bool settle();
  /// Processes events until `is_so`; false after a minute.
  static bool wait_for(const std::function<bool()>& is_so);
  /// The error that the window shows, which is closed; waits for it. Empty when none comes.
  QString error();
  /// Answers the next file dialog with `path`.
  static void choose_in_dialog(const QString& path);
  /// Drops files on the window; an Error if it does not take them.
  void drop(const QStringList& paths);
  /// Triggers a menu's action by its name or its text without `&`.
  void choose_action(const QString& text);

 private:
  MainWindow window_;
};

/// The shipped model `motif` and its sample.
GuiOptions motif_sample();

}  // namespace paramixer::test
