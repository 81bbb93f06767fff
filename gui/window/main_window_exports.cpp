#include <QFileDialog>
#include <QFileInfo>
#include <QProgressDialog>
#include <QStatusBar>

#include "core/base/error.hpp"
#include "gui/paint/curve_chart.hpp"
#include "gui/render/picture.hpp"
#include "gui/window/curve_view.hpp"
#include "gui/window/main_window.hpp"
#include "gui/window/panel_widget.hpp"

namespace paramixer {
namespace {

/// The number format selected by a file name's ending; none for pictures.
std::optional<DataFormat> data_format_of(const QString& suffix) {
  if (suffix == QLatin1String("tsv")) return DataFormat::kTsv;
  if (suffix == QLatin1String("bedgraph")) return DataFormat::kBedgraph;
  if (suffix == QLatin1String("bedpe")) return DataFormat::kBedpe;
  return std::nullopt;
}

QStringList picture_filters() {
  return {QObject::tr("Picture, SVG (*.svg)"), QObject::tr("Picture, PNG (*.png)")};
}

}  // namespace

QString MainWindow::choose_file_to_save(const QString& title, const QString& name,
                                        const QStringList& filters) {
  const auto ending_of = [](const QString& filter) {
    return filter.section(QLatin1String("*."), 1).section(QLatin1Char(')'), 0, 0);
  };
  QFileDialog dialog(this, title);
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setNameFilters(filters);
  // A name without an ending gets that of the selected filter, before the question whether to
  // overwrite.
  dialog.setDefaultSuffix(ending_of(filters.front()));
  connect(&dialog, &QFileDialog::filterSelected, &dialog,
          [&](const QString& filter) { dialog.setDefaultSuffix(ending_of(filter)); });
  if (!name.isEmpty()) dialog.selectFile(name);
  if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return {};
  return dialog.selectedFiles().front();
}

PanelWidget* MainWindow::focused_panel() const {
  return last_panel_ != nullptr ? last_panel_.data() : panel(QStringLiteral("heatmap"));
}

void MainWindow::export_panel() {
  PanelWidget* widget = focused_panel();
  Panel& panel = widget->panel();
  QStringList filters = picture_filters();
  filters << tr("Numbers, TSV (*.tsv)");
  if (panel.offers(DataFormat::kBedgraph)) filters << tr("Track, bedGraph (*.bedgraph)");
  if (panel.offers(DataFormat::kBedpe)) filters << tr("Arcs, BEDPE (*.bedpe)");
  const QString path =
      choose_file_to_save(tr("Export: %1").arg(panel.title()), panel.name(), filters);
  if (path.isEmpty()) return;
  run_export([&](const std::stop_token& stop) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (const auto format = data_format_of(suffix)) {
      save_data(panel, *format, board_, path, stop);
    } else {
      save_picture(
          {.panels = {{.panel = &panel, .height = widget->height()}}, .width = widget->width()},
          board_, path, stop);
    }
  });
}

void MainWindow::export_board() {
  const QString path =
      choose_file_to_save(tr("Export board"), QStringLiteral("board"), picture_filters());
  if (path.isEmpty()) return;
  Picture picture{.width = panel(QStringLiteral("heatmap"))->width()};
  for (const auto& [name, widget] : panels_) {
    if (widget->visibleRegion().isEmpty()) continue;
    picture.panels.push_back({.panel = &widget->panel(), .height = widget->height()});
  }
  run_export([&](const std::stop_token& stop) { save_picture(picture, board_, path, stop); });
}

void MainWindow::export_curve() {
  if (!curve_->curve()) return show_error(tr("Open a training curve first."));
  const QString path =
      choose_file_to_save(tr("Export training curve"), QStringLiteral("curve"), picture_filters());
  if (path.isEmpty()) return;
  run_export([&](const std::stop_token&) {
    const QSize size(760, 520);
    save_drawing({.title = tr("Training curve"),
                  .size = size,
                  .paint =
                      [&](QPainter& painter, const Theme& theme) {
                        painter.setRenderHint(QPainter::Antialiasing);
                        draw_curve(painter, size, *curve_->curve(), theme);
                      }},
                 path);
  });
}

void MainWindow::run_export(const std::function<void(std::stop_token)>& save) {
  std::stop_source stop;
  QProgressDialog waiting(tr("Computing data for the export …"), tr("Stop"), 0, 0, this);
  waiting.setWindowModality(Qt::WindowModal);
  waiting.setMinimumDuration(500);
  waiting.setValue(0);
  connect(&waiting, &QProgressDialog::canceled, this, [&] { stop.request_stop(); });
  board_.resume();
  try {
    save(stop.get_token());
    statusBar()->showMessage(tr("Saved."));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) {
      statusBar()->showMessage(tr("Stopped; nothing was saved."));
    } else {
      show_error(QString::fromUtf8(error.what()));
    }
  } catch (const std::exception& error) {
    show_error(
        tr("The export failed (%1); zoom in and try again.").arg(QString::fromUtf8(error.what())));
  }
}

}  // namespace paramixer
