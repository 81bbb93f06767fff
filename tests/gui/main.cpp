#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <gtest/gtest.h>

/// Widgets need an application; without a display the offscreen platform serves. Settings go to a
/// folder of their own, never to the user's.
int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  testing::InitGoogleTest(&argc, argv);
  QApplication application(argc, argv);
  application.setApplicationName(QStringLiteral("gui_tests"));
  application.setOrganizationName(QStringLiteral("paramixer"));
  // A desktop's own file dialog cannot be answered by a test.
  application.setAttribute(Qt::AA_DontUseNativeDialogs);
  const QTemporaryDir settings;
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  return RUN_ALL_TESTS();
}
