#include "tests/gui/open_window.hpp"

#include <QAction>
#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QTest>
#include <QTimer>

#include "core/base/error.hpp"
#include "gui/window/panel_widget.hpp"
#include "tests/gui/explored_sample.hpp"

namespace paramixer::test {
namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kErrorPatienceMs = 20'000;

QMessageBox* shown_error(const MainWindow& window) {
  for (auto* box : window.findChildren<QMessageBox*>(QStringLiteral("error"))) {
    if (box->isVisible()) return box;
  }
  return nullptr;
}

}  // namespace

OpenWindow::OpenWindow(OpenDataOptions options) : window_(options) {
  window_.show();
  static_cast<void>(QTest::qWaitForWindowExposed(&window_));
}

bool OpenWindow::wait_for(const std::function<bool()>& is_so) {
  return QTest::qWaitFor(is_so, kPatienceMs);
}

bool OpenWindow::open(const GuiOptions& options) {
  window_.open(options);
  return settle();
}

bool OpenWindow::settle() {
  return wait_for([this] {
    if (window_.open_data().is_cataloguing() || board().record() == nullptr) return false;
    // What a panel asks for is asked while it paints.
    for (PanelWidget* panel : window_.findChildren<PanelWidget*>()) panel->repaint();
    return !board().is_waiting();
  });
}

QString OpenWindow::error() {
  if (!QTest::qWaitFor([&] { return shown_error(window_) != nullptr; }, kErrorPatienceMs)) {
    return {};
  }
  QMessageBox* box = shown_error(window_);
  const QString text = box->text();
  box->close();
  return text;
}

void OpenWindow::choose_in_dialog(const QString& path) {
  QTimer::singleShot(50, qApp, [path] {
    auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
    if (dialog == nullptr) return choose_in_dialog(path);
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
    QMetaObject::invokeMethod(dialog, "accept");
  });
}

void OpenWindow::drop(const QStringList& paths) {
  QMimeData files;
  QList<QUrl> urls;
  for (const QString& path : paths) urls.push_back(QUrl::fromLocalFile(path));
  files.setUrls(urls);
  QDragEnterEvent enter({10, 10}, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &enter);
  if (!enter.isAccepted()) throw Error("the window does not take dropped files");
  QDropEvent event({10, 10}, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &event);
}

void OpenWindow::choose_action(const QString& text) {
  for (QAction* action : window_.findChildren<QAction*>()) {
    const bool is_it =
        action->objectName() == text || action->text().remove(QLatin1Char('&')) == text;
    if (is_it) return action->trigger();
  }
  throw Error("the window has no action '" + text.toStdString() + "'");
}

GuiOptions motif_sample() {
  return {.model = QString::fromStdString(shared_file("models/motif.safetensors")),
          .inputs = {QString::fromStdString(shared_file("samples/motif.fa"))}};
}

}  // namespace paramixer::test
