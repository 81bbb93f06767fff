#include <QApplication>
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <string>

#include "app/services/base/build_facts.hpp"
#include "app/services/base/failure_text.hpp"
#include "core/base/error.hpp"
#include "gui/render/qt_messages.hpp"
#include "gui/render/render_command.hpp"
#include "gui/window/main_window.hpp"
#include "models/network/device.hpp"

namespace paramixer {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

/// Without a window there is no need for a display.
bool needs_no_display(const QStringList& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const QString& argument) {
    return argument.startsWith(QLatin1String("--render")) || argument == QLatin1String("--help") ||
           argument == QLatin1String("-h") || argument == QLatin1String("--version") ||
           argument == QLatin1String("-v");
  });
}

/// On Linux, Qt ends the program without a display; wrong options should be reported even then.
bool is_without_display() {
#ifdef Q_OS_LINUX
  return !qEnvironmentVariableIsSet("DISPLAY") && !qEnvironmentVariableIsSet("WAYLAND_DISPLAY") &&
         !qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
  return false;
#endif
}

/// Copied before Qt removes --session, which it takes for an option of the X session manager.
QStringList arguments_of(int argc, char** argv) {
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments.push_back(QString::fromLocal8Bit(argv[i]));
  return arguments;
}

int run(QApplication& application, const QStringList& arguments, bool without_display) {
  const GuiOptions options = parse_gui_options(arguments);
  set_compute_threads(options.threads);
  if (!options.render.isEmpty()) {
    run_render(options);
    return 0;
  }
  if (without_display) {
    throw Error(
        "there is no display for a window (DISPLAY and WAYLAND_DISPLAY are not set); log in to a "
        "desktop or with ssh -X, or draw a view into a file with --render");
  }
  MainWindow window({.memory_bytes = options.memory_bytes});
  window.show();
  window.open(options);
  return application.exec();
}

int fail(const std::string& message, int exit_code) {
  std::fprintf(stderr, "paramixer-gui: error: %s\n", message.c_str());
  return exit_code;
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  using namespace paramixer;
  keep_qt_messages_away();
  const bool without_display = is_without_display();
  const QStringList arguments = arguments_of(argc, argv);
  if (without_display || needs_no_display(arguments)) qputenv("QT_QPA_PLATFORM", "offscreen");
  int of_qt = 1;  // Qt gets the program's name only; its own options are environment variables too.
  QApplication application(of_qt, argv);
  // Qt applies the user's locale to all of C; numbers must be written the same everywhere.
  std::setlocale(LC_NUMERIC, "C");
  application.setApplicationName(QStringLiteral("paramixer-gui"));
  application.setApplicationDisplayName(QStringLiteral("Paramixer"));
  application.setOrganizationName(QStringLiteral("paramixer"));
  application.setApplicationVersion(QString::fromStdString(program_version()));
  try {
    return run(application, arguments, without_display);
  } catch (const Error& error) {
    return fail(error.what(), error.kind() == ErrorKind::kUsage ? kExitUsage : kExitFailed);
  } catch (const std::exception& failure) {
    return fail(failure_text(failure), kExitFailed);
  }
}
