#include "gui/render/qt_messages.hpp"

#include <QByteArray>
#include <QMessageLogContext>
#include <QString>
#include <cstdio>
#include <unistd.h>

#include "core/base/printable.hpp"

namespace paramixer {
namespace {

constexpr int kExitFailed = 1;

void take_message(QtMsgType type, const QMessageLogContext&, const QString& message) {
  if (type != QtFatalMsg) return;
  std::fprintf(stderr, "paramixer-gui: error: %s\n",
               printable(message.simplified().toStdString()).c_str());
  // Qt would abort.
  _exit(kExitFailed);
}

}  // namespace

void keep_qt_messages_away() {
  if (qgetenv("PARAMIXER_QT_MESSAGES") != QByteArrayLiteral("1")) {
    qInstallMessageHandler(take_message);
  }
}

}  // namespace paramixer
