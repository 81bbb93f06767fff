#pragma once

#include <QApplication>
#include <QTemporaryDir>

namespace paramixer::test {

/// The application of a test or measuring program: offscreen unless the environment names a
/// platform, and with settings in a separate folder, never the user's.
class TestApplication {
 public:
  TestApplication(int& argc, char** argv);

 private:
  QApplication application_;
  QTemporaryDir settings_;
};

}  // namespace paramixer::test
