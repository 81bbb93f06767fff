// Takes the README's pictures of the window, with the shipped models and sample:
//
//     build/release/bin/gui_screenshots FOLDER [METRICS_LOG]
//
// Beside the two of the README (window-light.png, window-dark.png, see take_pictures) each panel is
// written alone, for inspection; with a metrics log of `train` its curve too.

#include <QDockWidget>
#include <QTest>
#include <cstdio>

#include "core/base/error.hpp"
#include "gui/panel/panel_factory.hpp"
#include "gui/window/panel_widget.hpp"
#include "gui/window/record_list.hpp"
#include "tests/gui/open_window.hpp"
#include "tests/gui/test_application.hpp"

namespace paramixer {
namespace {

constexpr int kSmallest = 0;  ///< Qt's PNG quality: the best compression.

void save(QWidget& widget, const QString& folder, const QString& name) {
  const QString path = folder + QLatin1Char('/') + name + QStringLiteral(".png");
  if (!widget.grab().save(path, "PNG", kSmallest))
    throw Error({.file = path.toStdString()}, "cannot be written");
  std::printf("%s\n", qPrintable(path));
}

void raise(MainWindow& window, const QString& name) {
  auto* dock = window.findChild<QDockWidget*>(QStringLiteral("dock-") + name);
  if (dock == nullptr) return;
  dock->show();
  dock->raise();
}

void settle(test::OpenWindow& open) {
  if (!open.settle()) throw Error("the window did not come to rest within a minute");
  QTest::qWait(300);  // For the status line, which polls a few times per second.
}

/// Every dock of the lower and the right-hand area, one after the other, in the whole window.
void take_all(test::OpenWindow& open, const QString& folder, const QString& theme) {
  for (const auto& dock : open.window().findChildren<QDockWidget*>()) {
    const QString name = dock->objectName().mid(5);
    raise(open.window(), name);
    settle(open);
    save(*dock->widget(), folder, name + QLatin1Char('-') + theme);
  }
  save(open.panel("heatmap"), folder, QStringLiteral("heatmap-") + theme);
}

void run(const QString& folder, const QString& metrics_log) {
  test::OpenWindow open;
  open.window().resize(1280, 820);
  GuiOptions options = test::motif_sample();
  options.record = QStringLiteral("motif_000002");
  if (!open.open(options)) throw Error("the sample could not be opened");
  save(open.window(), folder, QStringLiteral("window-whole-record"));
  if (!metrics_log.isEmpty()) open.drop({metrics_log});
  open.window().findChild<RecordList*>()->compare_chosen(3);
  settle(open);
  open.board().view().show(1000.0, 1120.0);
  open.board().view().edit([](ViewState& state) {
    state.pinned = 1052;
    state.factor = 3;
  });
  for (const char* theme : {"light", "dark"}) {
    if (QLatin1String(theme) == QLatin1String("dark")) open.choose_action(QStringLiteral("Dark"));
    settle(open);
    take_all(open, folder, QLatin1String(theme));
    raise(open.window(), QStringLiteral("choices"));
    raise(open.window(), QStringLiteral("arcs"));
    settle(open);
    save(open.window(), folder, QStringLiteral("window-") + QLatin1String(theme));
  }
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  const paramixer::test::TestApplication application(argc, argv);
  if (argc < 2) {
    std::fprintf(stderr, "usage: gui_screenshots FOLDER [METRICS_LOG]\n");
    return 2;
  }
  try {
    paramixer::run(QString::fromLocal8Bit(argv[1]),
                   argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString());
    return 0;
  } catch (const paramixer::Error& error) {
    std::fprintf(stderr, "gui_screenshots: %s\n", error.what());
    return 1;
  }
}
