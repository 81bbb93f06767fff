#pragma once

#include <QDockWidget>
#include <QMainWindow>
#include <QPointer>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>

#include "gui/explore/open_data.hpp"
#include "gui/render/render_options.hpp"
#include "gui/window/board.hpp"
#include "gui/window/playback.hpp"
#include "gui/window/session.hpp"

class QAction;

namespace paramixer {

class CurveView;
class LocationBox;
class ModelCardView;
class PanelWidget;
class RecentFiles;
class RecordList;
class StatusLine;
class TokenTable;

/// The program's window: records on the left, linked panels of one record in the middle, the model
/// on the right. Owns the open data; everything slow happens in workers.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(OpenDataOptions options, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens the files of a command line; errors appear in the window.
  void open(const GuiOptions& options);
  void open_session(const QString& path);
  void save_session_to(const QString& path);

  Board& board() noexcept { return board_; }
  OpenData& open_data() noexcept { return data_; }
  Playback& playback() noexcept { return playback_; }
  /// A panel by its name; null when there is none.
  PanelWidget* panel(const QString& name) const;

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  static constexpr int kLayoutVersion = 2;

  struct Wanted {
    QString record{};
    QString place{};
    std::optional<qint64> entry{};
    std::optional<SessionRecord> other{};
    std::optional<ViewState> view{};
    ExploreChoices choices{};
  };

  /// Actions that are both in a menu and in the tool bar.
  struct SharedActions {
    QAction* open_model = nullptr;
    QAction* open_inputs = nullptr;
    QAction* back = nullptr;
    QAction* forward = nullptr;
    QAction* zoom_in = nullptr;
    QAction* zoom_out = nullptr;
    QAction* whole_record = nullptr;
    QAction* play = nullptr;
  };

  void make_panels();
  void make_docks();
  QDockWidget* add_dock(const QString& name, const QString& title, QWidget* widget,
                        Qt::DockWidgetArea area);
  void make_menus();
  void make_file_menu();
  void make_view_menu();
  void make_go_menu();
  void make_help_menu();
  void make_tool_bar();
  QAction* add_action(QMenu* menu, const QString& text, const QKeySequence& keys,
                      std::function<void()> act);
  void connect_data();
  void restore_layout();

  void open_files(const QStringList& files);
  void choose_model();
  void choose_inputs();
  void choose_metrics_log();
  void show_metrics_log(const QString& path);
  void choose_session();
  void choose_session_to_save();
  void open_wanted_record();
  void show_record(std::size_t entry, std::unique_ptr<Exploration> record);
  void change_choices(const ExploreChoices& choices);
  void record_named(const QString& name, const QString& place);
  void cancel();
  void show_title();
  /// Runs an export while a dialog allows stopping it; errors appear in the window.
  void run_export(const std::function<void(std::stop_token)>& save);
  void export_curve();
  /// Asks for a file name; empty if the user cancels. The first filter is the default.
  QString choose_file_to_save(const QString& title, const QString& name,
                              const QStringList& filters);
  void show_error(const QString& message);
  void export_board();
  void export_panel();
  PanelWidget* focused_panel() const;
  void set_theme(ThemeName name);

  OpenData data_;
  Board board_;
  Playback playback_;
  std::map<QString, PanelWidget*> panels_;
  std::map<QString, QDockWidget*> docks_;
  RecordList* records_ = nullptr;
  TokenTable* tokens_ = nullptr;
  ModelCardView* card_ = nullptr;
  CurveView* curve_ = nullptr;
  LocationBox* location_ = nullptr;
  StatusLine* status_ = nullptr;
  std::unique_ptr<RecentFiles> recent_;
  Wanted wanted_;
  std::optional<std::size_t> entry_;  ///< Row of the open record.
  std::optional<std::size_t> other_entry_;
  bool has_chosen_ = false;  ///< A record of this catalog, requested by the user or the program.
  SharedActions actions_;
  QPointer<PanelWidget> last_panel_;  ///< The panel that last had the keyboard focus.
  QByteArray first_layout_;
};

}  // namespace paramixer
