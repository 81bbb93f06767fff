#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QToolBar>

#include "app/services/base/build_facts.hpp"
#include "core/base/error.hpp"
#include "gui/window/curve_view.hpp"
#include "gui/window/location_box.hpp"
#include "gui/window/main_window.hpp"
#include "gui/window/panel_widget.hpp"
#include "gui/window/recent_files.hpp"
#include "gui/window/record_list.hpp"
#include "gui/window/shortcuts_help.hpp"
#include "gui/window/view_choices.hpp"

namespace paramixer {
namespace {

constexpr double kZoomStep = 0.5;

QString sequence_filter() {
  return QObject::tr(
      "Sequences (*.fa *.fasta *.fna *.fq *.fastq *.gz *.sam *.bam *.cram);;All files (*)");
}

std::vector<MouseGesture> mouse_gestures() {
  return {{QObject::tr("Wheel"), QObject::tr("zoom at the cursor")},
          {QObject::tr("Shift+Wheel"), QObject::tr("move along the record")},
          {QObject::tr("Drag"), QObject::tr("move along the record")},
          {QObject::tr("Ctrl+Drag, right drag"), QObject::tr("zoom to the box")},
          {QObject::tr("Click"), QObject::tr("pin the position and choose the factor")},
          {QObject::tr("Double click"), QObject::tr("follow the link to its target")},
          {QObject::tr("Left, Right in a panel"), QObject::tr("move by a tenth of the view")},
          {QObject::tr("Up, Down in a panel"), QObject::tr("previous, next factor")},
          {QObject::tr("Home, Return, Escape in a panel"),
           QObject::tr("show all, pin the middle, unpin")}};
}

}  // namespace

QAction* MainWindow::add_action(QMenu* menu, const QString& text, const QKeySequence& keys,
                                std::function<void()> act) {
  QAction* action = menu->addAction(text);
  action->setShortcut(keys);
  connect(action, &QAction::triggered, this, [act = std::move(act)] { act(); });
  return action;
}

void MainWindow::make_menus() {
  make_file_menu();
  make_view_menu();
  make_go_menu();
  make_help_menu();
}

void MainWindow::make_file_menu() {
  QMenu* menu = menuBar()->addMenu(tr("&File"));
  actions_.open_model =
      add_action(menu, tr("Open &model…"), QKeySequence(tr("Ctrl+M")), [this] { choose_model(); });
  actions_.open_inputs =
      add_action(menu, tr("&Open sequences…"), QKeySequence::Open, [this] { choose_inputs(); });
  add_action(menu, tr("Open training &curve…"), {}, [this] { choose_metrics_log(); });
  QMenu* recent = menu->addMenu(tr("&Recent"));
  recent_->fill(recent);
  connect(recent_.get(), &RecentFiles::chosen, this,
          [this](const QString& model, const QStringList& inputs) {
            for (const QString& file : QStringList{model} + inputs) {
              if (!QFile::exists(file)) {
                return show_error(tr("%1 no longer exists.").arg(file));
              }
            }
            wanted_ = {};
            data_.open_model(model);
            data_.open_inputs(inputs);
          });
  menu->addSeparator();
  add_action(menu, tr("Open &session…"), QKeySequence(tr("Ctrl+Shift+O")),
             [this] { choose_session(); });
  add_action(menu, tr("S&ave session…"), QKeySequence::Save, [this] { choose_session_to_save(); });
  menu->addSeparator();
  add_action(menu, tr("&Export panel…"), QKeySequence(tr("Ctrl+E")), [this] { export_panel(); });
  add_action(menu, tr("Export &board…"), QKeySequence(tr("Ctrl+Shift+E")),
             [this] { export_board(); });
  add_action(menu, tr("Export training c&urve…"), {}, [this] { export_curve(); });
  menu->addSeparator();
  add_action(menu, tr("S&top computing"), QKeySequence(tr("Ctrl+.")), [this] { cancel(); });
  add_action(menu, tr("&Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::make_view_menu() {
  QMenu* menu = menuBar()->addMenu(tr("&View"));
  QAction* undo = board_.view().undo_stack().createUndoAction(this, tr("&Back"));
  undo->setShortcuts({QKeySequence(QKeySequence::Undo), QKeySequence(tr("Alt+Left"))});
  QAction* redo = board_.view().undo_stack().createRedoAction(this, tr("&Forward"));
  redo->setShortcuts({QKeySequence(QKeySequence::Redo), QKeySequence(tr("Alt+Right"))});
  undo->setObjectName(QStringLiteral("undo"));
  redo->setObjectName(QStringLiteral("redo"));
  actions_.back = undo;
  actions_.forward = redo;
  menu->addActions({undo, redo});
  menu->addSeparator();
  const auto middle = [this] {
    const ViewState& state = board_.view().state();
    return (state.begin + state.end) / 2.0;
  };
  actions_.zoom_in = add_action(menu, tr("Zoom &in"), QKeySequence::ZoomIn,
                                [this, middle] { board_.view().zoom(kZoomStep, middle()); });
  actions_.zoom_out = add_action(menu, tr("Zoom &out"), QKeySequence::ZoomOut,
                                 [this, middle] { board_.view().zoom(1.0 / kZoomStep, middle()); });
  actions_.whole_record = add_action(menu, tr("Whole &record"), QKeySequence(tr("Ctrl+0")), [this] {
    board_.view().show(0.0, static_cast<double>(board_.view().length()));
  });
  menu->addSeparator();
  QAction* play = add_action(menu, tr("&Play the spread through the factors"),
                             QKeySequence(tr("Ctrl+P")), [this] { playback_.toggle(); });
  play->setCheckable(true);
  actions_.play = play;
  connect(&playback_, &Playback::playing_changed, play, &QAction::setChecked);
  QAction* dark = menu->addAction(tr("&Dark"));
  dark->setCheckable(true);
  dark->setShortcut(QKeySequence(tr("Ctrl+D")));
  connect(dark, &QAction::toggled, this,
          [this](bool on) { set_theme(on ? ThemeName::kDark : ThemeName::kLight); });
  connect(&board_, &Board::changed, dark,
          [this, dark] { dark->setChecked(board_.theme().name == ThemeName::kDark); });
  menu->addSeparator();
  QMenu* panels = menu->addMenu(tr("P&anels"));
  for (const auto& [name, dock] : docks_) panels->addAction(dock->toggleViewAction());
  add_action(menu, tr("&Reset panel layout"), {},
             [this] { restoreState(first_layout_, kLayoutVersion); });
}

void MainWindow::make_go_menu() {
  QMenu* menu = menuBar()->addMenu(tr("&Go"));
  add_action(menu, tr("To a &location"), QKeySequence(tr("Ctrl+L")), [this] {
    location_->setFocus(Qt::ShortcutFocusReason);
    location_->selectAll();
  });
  add_action(menu, tr("&Search records"), QKeySequence::Find, [this] { records_->focus_search(); });
  add_action(menu, tr("&Next record"), QKeySequence(tr("Ctrl+PgDown")),
             [this] { records_->select_next(); });
  add_action(menu, tr("&Previous record"), QKeySequence(tr("Ctrl+PgUp")),
             [this] { records_->select_previous(); });
  menu->addSeparator();
  add_action(menu, tr("Move &left"), QKeySequence(tr("Ctrl+Left")),
             [this] { board_.view().pan(-0.5); });
  add_action(menu, tr("Move &right"), QKeySequence(tr("Ctrl+Right")),
             [this] { board_.view().pan(0.5); });
  const auto step = [this](std::int64_t by) {
    if (board_.record() != nullptr) board_.view().step_factor(by, board_.record()->factors());
  };
  add_action(menu, tr("Previous &factor"), QKeySequence(tr("Ctrl+Up")), [step] { step(-1); });
  add_action(menu, tr("Next f&actor"), QKeySequence(tr("Ctrl+Down")), [step] { step(1); });
}

void MainWindow::make_help_menu() {
  QMenu* menu = menuBar()->addMenu(tr("&Help"));
  add_action(menu, tr("&Shortcuts"), QKeySequence(QKeySequence::HelpContents), [this] {
    QList<QAction*> actions;
    for (QAction* action : findChildren<QAction*>()) {
      if (!action->shortcut().isEmpty()) actions.push_back(action);
    }
    auto* help = new ShortcutsHelp(actions, mouse_gestures(), this);
    help->setAttribute(Qt::WA_DeleteOnClose);
    help->show();
  });
  add_action(menu, tr("What the &panel shows"), QKeySequence(tr("Shift+F1")), [this] {
    if (PanelWidget* panel = focused_panel()) {
      QMessageBox::information(this, panel->panel().title(), panel->panel().help());
    }
  });
  add_action(menu, tr("&About"), {}, [this] {
    QString text = tr("<b>Paramixer %1</b><br>Classifies long DNA sequences and explains the "
                      "answers.<br>MIT licence.<br><br>")
                       .arg(QString::fromStdString(program_version()));
    for (const auto& [name, value] : build_facts()) {
      text += QStringLiteral("%1: %2<br>")
                  .arg(QString::fromStdString(name).toHtmlEscaped(),
                       QString::fromStdString(value).toHtmlEscaped());
    }
    QMessageBox::about(this, tr("About Paramixer"), text);
  });
}

void MainWindow::make_tool_bar() {
  QToolBar* bar = addToolBar(tr("Navigation"));
  bar->setObjectName(QStringLiteral("navigation"));
  const auto add = [&](QAction* action, const QString& text) {
    action->setIconText(text);
    action->setToolTip(
        action->text().remove(QLatin1Char('&')) +
        QStringLiteral(" (%1)").arg(action->shortcut().toString(QKeySequence::NativeText)));
    bar->addAction(action);
  };
  location_ = new LocationBox(board_, bar);
  connect(location_, &LocationBox::record_wanted, this, &MainWindow::record_named);
  connect(location_, &LocationBox::failed, this, &MainWindow::show_error);
  add(actions_.open_model, tr("Model"));
  add(actions_.open_inputs, tr("Sequences"));
  bar->addSeparator();
  add(actions_.back, tr("◀ Back"));
  add(actions_.forward, tr("Forward ▶"));
  bar->addWidget(location_);
  add(actions_.zoom_in, tr("+"));
  add(actions_.zoom_out, QString(QChar(0x2212)));
  add(actions_.whole_record, tr("Whole record"));
  bar->addSeparator();
  add(actions_.play, tr("▶ Play"));
  for (QObject* part : findChildren<ViewChoices*>()) {
    connect(qobject_cast<ViewChoices*>(part), &ViewChoices::choices_wanted, this,
            &MainWindow::change_choices);
  }
  connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
    if (auto* panel = qobject_cast<PanelWidget*>(now)) last_panel_ = panel;
  });
}

void MainWindow::choose_model() {
  const QString path = QFileDialog::getOpenFileName(this, tr("Open model"), {},
                                                    tr("Models (*.safetensors);;All files (*)"));
  if (path.isEmpty()) return;
  wanted_ = {};
  data_.open_model(path);
}

void MainWindow::choose_inputs() {
  const QStringList paths =
      QFileDialog::getOpenFileNames(this, tr("Open sequences"), {}, sequence_filter());
  if (!paths.isEmpty()) open_files(paths);
}

void MainWindow::choose_session() {
  const QString path = QFileDialog::getOpenFileName(this, tr("Open session"), {},
                                                    tr("Sessions (*.paramixer);;All files (*)"));
  if (!path.isEmpty()) open_session(path);
}

void MainWindow::choose_session_to_save() {
  if (data_.card() == nullptr) return show_error(tr("Open a model first, then save the session."));
  const QString path = choose_file_to_save(tr("Save session"), {}, {tr("Sessions (*.paramixer)")});
  if (!path.isEmpty()) save_session_to(path);
}

void MainWindow::choose_metrics_log() {
  const QString path = QFileDialog::getOpenFileName(this, tr("Open training curve"), {},
                                                    tr("Metrics logs (*.csv);;All files (*)"));
  if (!path.isEmpty()) show_metrics_log(path);
}

void MainWindow::show_metrics_log(const QString& path) {
  try {
    curve_->set_curve(read_metrics_curve(path.toStdString()));
    docks_.at(QStringLiteral("training-curve"))->show();
    docks_.at(QStringLiteral("training-curve"))->raise();
  } catch (const Error& error) {
    show_error(QString::fromUtf8(error.what()));
  }
}

}  // namespace paramixer
