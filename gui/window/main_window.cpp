#include "gui/window/main_window.hpp"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStatusBar>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "gui/panel/panel_factory.hpp"
#include "gui/window/curve_view.hpp"
#include "gui/window/location_box.hpp"
#include "gui/window/model_card_view.hpp"
#include "gui/window/panel_widget.hpp"
#include "gui/window/recent_files.hpp"
#include "gui/window/record_list.hpp"
#include "gui/window/status_line.hpp"
#include "gui/window/token_table.hpp"
#include "gui/window/view_choices.hpp"

namespace paramixer {
namespace {

constexpr const char* kHeatmap = "heatmap";

}  // namespace

MainWindow::MainWindow(OpenDataOptions options, QWidget* parent)
    : QMainWindow(parent), data_(options), playback_(board_) {
  setObjectName(QStringLiteral("main"));
  resize(1400, 900);
  setAcceptDrops(true);
  setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks | GroupedDragging);
  setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  recent_ = std::make_unique<RecentFiles>();
  make_panels();
  make_docks();
  make_menus();
  make_tool_bar();
  status_ = new StatusLine(data_, board_, this);
  statusBar()->addPermanentWidget(status_);
  connect(status_, &StatusLine::cancel_wanted, this, &MainWindow::cancel);
  connect_data();
  restore_layout();
  show_title();
}

MainWindow::~MainWindow() {
  // The record's answers come from the workers of `data_`: stop them first.
  data_.cancel();
  board_.set_record(nullptr);
}

PanelWidget* MainWindow::panel(const QString& name) const {
  const auto found = panels_.find(name);
  return found == panels_.end() ? nullptr : found->second;
}

void MainWindow::make_panels() {
  for (const QString& name : panel_names()) {
    auto* widget = new PanelWidget(make_panel(name), board_, this);
    panels_.emplace(name, widget);
  }
  PanelWidget* heatmap = panels_.at(QLatin1String(kHeatmap));
  auto* middle = new QWidget(this);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  auto* title = new QLabel(heatmap->panel().title(), middle);
  title->setMargin(2);
  column->addWidget(title);
  column->addWidget(heatmap, 1);
  setCentralWidget(middle);
}

QDockWidget* MainWindow::add_dock(const QString& name, const QString& title, QWidget* widget,
                                  Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(QStringLiteral("dock-") + name);
  dock->setWidget(widget);
  addDockWidget(area, dock);
  docks_.emplace(name, dock);
  return dock;
}

void MainWindow::make_docks() {
  records_ = new RecordList(this);
  tokens_ = new TokenTable(board_, this);
  card_ = new ModelCardView(this);
  curve_ = new CurveView(board_, this);
  add_dock(QStringLiteral("records"), tr("Records"), records_, Qt::LeftDockWidgetArea);
  QDockWidget* below = nullptr;
  QDockWidget* beside = add_dock(QStringLiteral("choices"), tr("Choices"),
                                 new ViewChoices(board_, this), Qt::RightDockWidgetArea);
  for (const auto& [name, widget] : panels_) {
    if (name == QLatin1String(kHeatmap)) continue;
    const QString title = widget->panel().title();
    if (name == QLatin1String("attribution")) {
      add_dock(name, title, widget, Qt::TopDockWidgetArea);
    } else if (name == QLatin1String("probabilities")) {
      splitDockWidget(docks_.at(QStringLiteral("records")),
                      add_dock(name, title, widget, Qt::LeftDockWidgetArea), Qt::Vertical);
    } else {
      QDockWidget* dock = add_dock(name, title, widget, Qt::BottomDockWidgetArea);
      if (below != nullptr) tabifyDockWidget(below, dock);
      below = dock;
    }
  }
  tabifyDockWidget(beside,
                   add_dock(QStringLiteral("card"), tr("Model"), card_, Qt::RightDockWidgetArea));
  tabifyDockWidget(beside, add_dock(QStringLiteral("training-curve"), tr("Training curve"), curve_,
                                    Qt::RightDockWidgetArea));
  if (below != nullptr) {
    tabifyDockWidget(below, add_dock(QStringLiteral("tokens"), tr("Token links"), tokens_,
                                     Qt::BottomDockWidgetArea));
    docks_
        .at(panels_.contains(QStringLiteral("arcs")) ? QStringLiteral("arcs")
                                                     : QStringLiteral("tokens"))
        ->raise();
  }
  beside->raise();
  resizeDocks({docks_.at(QStringLiteral("records")), beside}, {360, 260}, Qt::Horizontal);
  resizeDocks({docks_.at(QStringLiteral("records")), docks_.at(QStringLiteral("probabilities")),
               docks_.at(QStringLiteral("attribution")), docks_.at(QStringLiteral("arcs"))},
              {560, 220, 180, 260}, Qt::Vertical);
}

void MainWindow::connect_data() {
  connect(&data_, &OpenData::model_opened, this, [this] {
    card_->set_card(*data_.card(), data_.model_path());
    recent_->add(data_.model_path(), data_.input_paths());
    board_.forget_classes();
    records_->set_classes(data_.card()->config.classes);
    show_title();
  });
  connect(&data_, &OpenData::records_cleared, this, [this] {
    records_->clear();
    entry_.reset();
    other_entry_.reset();
    has_chosen_ = false;
    board_.set_record(nullptr);
  });
  connect(&data_, &OpenData::records_added, this, [this](std::size_t first) {
    const auto& entries = data_.entries();
    records_->append({entries.begin() + static_cast<std::ptrdiff_t>(first), entries.end()});
    open_wanted_record();
  });
  connect(&data_, &OpenData::records_complete, this, [this](const QString& note) {
    if (!note.isEmpty()) statusBar()->showMessage(note);
    if (!wanted_.record.isEmpty()) {
      show_error(tr("There is no record '%1' among the %2 records read.")
                     .arg(wanted_.record)
                     .arg(grouped(std::ssize(data_.entries()))));
      wanted_ = {};
    }
  });
  connect(&data_, &OpenData::record_opened, this, [this](std::size_t entry, const auto& record) {
    show_record(entry, std::move(*record));
  });
  connect(&data_, &OpenData::other_opened, this, [this](std::size_t entry, const auto& record) {
    other_entry_ = entry;
    board_.set_other(std::move(*record));
    docks_.at(QStringLiteral("compare"))->show();
    docks_.at(QStringLiteral("compare"))->raise();
  });
  connect(&data_, &OpenData::failed, this, &MainWindow::show_error);
  connect(records_, &RecordList::record_chosen, this, [this](int row) {
    if (entry_ == static_cast<std::size_t>(row)) return data_.cancel_reading();
    has_chosen_ = true;
    // A requested view or place belongs to the record that was being read.
    wanted_.view.reset();
    wanted_.place.clear();
    const ExploreChoices choices =
        board_.record() == nullptr ? wanted_.choices : board_.record()->choices();
    data_.open_record(static_cast<std::size_t>(row), choices);
  });
  connect(records_, &RecordList::compare_chosen, this, [this](int row) {
    if (board_.record() == nullptr) return show_error(tr("Choose a record to compare with first."));
    data_.open_other(static_cast<std::size_t>(row), board_.record()->choices());
  });
}

void MainWindow::open(const GuiOptions& options) {
  if (!options.session.isEmpty()) return open_session(options.session);
  wanted_ = {.record = options.record,
             .place = options.region,
             .choices = {.reversed = options.strand == QLatin1String("reverse"),
                         .block = options.block - 1}};
  if (!options.model.isEmpty()) data_.open_model(options.model);
  if (!options.inputs.isEmpty()) data_.open_inputs(options.inputs, options.reference);
}

void MainWindow::open_files(const QStringList& files) {
  QString model;
  QStringList inputs;
  for (const QString& file : files) {
    if (file.endsWith(QLatin1String(".paramixer"))) return open_session(file);
    if (file.endsWith(QLatin1String(".csv"))) {
      show_metrics_log(file);
    } else if (file.endsWith(QLatin1String(".safetensors"))) {
      model = file;
    } else {
      inputs.push_back(file);
    }
  }
  wanted_ = {};
  if (!model.isEmpty()) data_.open_model(model);
  if (!inputs.isEmpty()) data_.open_inputs(inputs);
  if (data_.model_path().isEmpty() && !inputs.isEmpty()) {
    statusBar()->showMessage(tr("Open a model to classify them (Ctrl+M)."));
  } else if (data_.card() != nullptr) {
    recent_->add(data_.model_path(), data_.input_paths());
  }
}

void MainWindow::open_wanted_record() {
  const auto& entries = data_.entries();
  if (entries.empty() || has_chosen_) return;
  if (wanted_.record.isEmpty() && !wanted_.entry) {
    // No record was requested: the first one is better than an empty window.
    has_chosen_ = true;
    return records_->select_record(0);
  }
  std::optional<std::size_t> found;
  const std::string name = wanted_.record.toStdString();
  if (wanted_.entry && *wanted_.entry >= 0 && *wanted_.entry < std::ssize(entries) &&
      entries[static_cast<std::size_t>(*wanted_.entry)].name == name) {
    found = static_cast<std::size_t>(*wanted_.entry);
  } else {
    const auto same = std::find_if(entries.begin(), entries.end(),
                                   [&](const CatalogEntry& entry) { return entry.name == name; });
    if (same != entries.end()) found = static_cast<std::size_t>(same - entries.begin());
  }
  if (!found) return;
  has_chosen_ = true;
  wanted_.record.clear();
  wanted_.entry.reset();
  data_.open_record(*found, wanted_.choices);
}

void MainWindow::show_record(std::size_t entry, std::unique_ptr<Exploration> record) {
  entry_ = entry;
  other_entry_.reset();
  const CatalogEntry& known = data_.entries()[entry];
  if (wanted_.view) {
    board_.set_record(std::move(record), *std::exchange(wanted_.view, std::nullopt));
  } else {
    board_.set_record(std::move(record));
  }
  records_->select_record(static_cast<int>(entry));
  if (!wanted_.place.isEmpty()) location_->go_to_place(std::exchange(wanted_.place, {}));
  if (const auto other = std::exchange(wanted_.other, std::nullopt)) {
    if (other->entry >= 0 && other->entry < std::ssize(data_.entries())) {
      data_.open_other(static_cast<std::size_t>(other->entry), board_.record()->choices());
    }
  }
  if (known.prediction.status != RecordStatus::kOk) {
    statusBar()->showMessage(QString::fromStdString(known.prediction.reason));
  }
  show_title();
}

void MainWindow::change_choices(const ExploreChoices& choices) {
  if (!entry_) return;
  wanted_.view = board_.view().state();
  wanted_.choices = choices;
  data_.open_record(*entry_, choices);
}

void MainWindow::record_named(const QString& name, const QString& place) {
  const auto& entries = data_.entries();
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const CatalogEntry& entry) {
    return entry.name == name.toStdString();
  });
  if (found == entries.end()) {
    return show_error(tr("There is no record '%1'; see the list on the left.").arg(name));
  }
  wanted_.place = place;
  has_chosen_ = true;
  data_.open_record(static_cast<std::size_t>(found - entries.begin()),
                    board_.record() == nullptr ? ExploreChoices{} : board_.record()->choices());
}

void MainWindow::cancel() {
  data_.cancel();
  board_.cancel();
  playback_.stop();
  statusBar()->showMessage(tr("Stopped. Move the view to continue."));
}

void MainWindow::open_session(const QString& path) {
  try {
    const Session session = load_session(path);
    wanted_ = {.view = session.view, .choices = session.choices};
    if (session.record) {
      wanted_.record = session.record->name;
      wanted_.entry = session.record->entry;
    }
    wanted_.other = session.other;
    set_theme(session.theme);
    if (!session.layout.isEmpty()) restoreState(session.layout, kLayoutVersion);
    data_.open_model(session.model);
    data_.open_inputs(session.inputs, session.reference);
    statusBar()->showMessage(tr("Opened %1").arg(path));
  } catch (const Error& error) {
    show_error(QString::fromUtf8(error.what()));
  }
}

void MainWindow::save_session_to(const QString& path) {
  const auto named = [&](const std::optional<std::size_t>& entry) {
    std::optional<SessionRecord> record;
    if (entry) {
      record = {QString::fromStdString(data_.entries()[*entry].name), static_cast<qint64>(*entry)};
    }
    return record;
  };
  try {
    Session session{.model = data_.model_path(),
                    .inputs = data_.input_paths(),
                    .reference = data_.reference(),
                    .record = named(entry_),
                    .other = named(other_entry_),
                    .view = board_.view().state(),
                    .theme = board_.theme().name,
                    .layout = saveState(kLayoutVersion)};
    if (board_.record() != nullptr) session.choices = board_.record()->choices();
    save_session(path, session);
    statusBar()->showMessage(tr("Saved %1").arg(path));
  } catch (const Error& error) {
    show_error(QString::fromUtf8(error.what()));
  }
}

void MainWindow::show_title() {
  const Exploration* record = board_.record();
  const QString model = data_.card() == nullptr ? QString() : data_.model_path();
  setWindowTitle(record == nullptr
                     ? QStringLiteral("Paramixer")
                     : QStringLiteral("%1 — %2").arg(record->name(), QFileInfo(model).fileName()));
}

void MainWindow::show_error(const QString& message) {
  statusBar()->showMessage(message);
  auto* box =
      new QMessageBox(QMessageBox::Warning, tr("Paramixer"), message, QMessageBox::Ok, this);
  box->setObjectName(QStringLiteral("error"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  box->open();
}

void MainWindow::set_theme(ThemeName name) {
  board_.set_theme(name);
  const Theme& theme = board_.theme();
  QPalette palette = QApplication::style()->standardPalette();
  if (name == ThemeName::kDark) {
    palette.setColor(QPalette::Window, theme.surface);
    palette.setColor(QPalette::Base, theme.background);
    palette.setColor(QPalette::AlternateBase, theme.surface);
    palette.setColor(QPalette::Button, theme.surface);
    palette.setColor(QPalette::ToolTipBase, theme.surface);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::ToolTipText, QPalette::BrightText}) {
      palette.setColor(role, theme.text);
    }
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.background);
    palette.setColor(QPalette::Link, theme.accent);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
      palette.setColor(QPalette::Disabled, role, theme.muted);
    }
  }
  qApp->setPalette(palette);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  QSettings settings;
  settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
  settings.setValue(QStringLiteral("window/layout"), saveState(kLayoutVersion));
  settings.setValue(QStringLiteral("window/dark"), board_.theme().name == ThemeName::kDark);
  QMainWindow::closeEvent(event);
}

void MainWindow::restore_layout() {
  first_layout_ = saveState(kLayoutVersion);
  const QSettings settings;
  restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
  restoreState(settings.value(QStringLiteral("window/layout")).toByteArray(), kLayoutVersion);
  const bool dark = settings.value(QStringLiteral("window/dark"), false).toBool();
  set_theme(dark ? ThemeName::kDark : ThemeName::kLight);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList files;
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) files.push_back(url.toLocalFile());
  }
  if (files.isEmpty()) return show_error(tr("Only files on this computer can be opened."));
  event->acceptProposedAction();
  open_files(files);
}

}  // namespace paramixer
