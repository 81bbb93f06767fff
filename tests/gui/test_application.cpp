#include "tests/gui/test_application.hpp"

#include <QSettings>

namespace paramixer::test {
namespace {

/// Before the application is made.
int& with_platform(int& argc) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  // A desktop's own file dialog cannot be answered by a test.
  QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
  return argc;
}

}  // namespace

TestApplication::TestApplication(int& argc, char** argv) : application_(with_platform(argc), argv) {
  application_.setApplicationName(QStringLiteral("paramixer-tests"));
  application_.setOrganizationName(QStringLiteral("paramixer"));
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
}

}  // namespace paramixer::test
