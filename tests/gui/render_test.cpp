#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <fstream>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "gui/panel/panel_factory.hpp"
#include "gui/window/panel_widget.hpp"
#include "tests/gui/explored_sample.hpp"
#include "tests/gui/open_window.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

struct Outcome {
  int exit_code = -1;
  std::string output;
  std::string errors;
};

/// The environment without a display.
QProcessEnvironment without_display() {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.remove(QStringLiteral("DISPLAY"));
  environment.remove(QStringLiteral("QT_QPA_PLATFORM"));
  return environment;
}

/// Runs paramixer-gui.
Outcome run(const QStringList& arguments,
            const QProcessEnvironment& environment = without_display()) {
  QProcess program;
  program.setProcessEnvironment(environment);
  program.start(QStringLiteral(PARAMIXER_GUI_PROGRAM), arguments);
  if (!program.waitForFinished(60'000)) return {};
  return {program.exitCode(), program.readAllStandardOutput().toStdString(),
          program.readAllStandardError().toStdString()};
}

/// The arguments that draw a view of the sample's third record, and more or other ones.
QStringList drawing(const QString& view, const QStringList& more) {
  return QStringList{QStringLiteral("--render"),
                     view,
                     QStringLiteral("--model"),
                     QString::fromStdString(test::shared_file("models/motif.safetensors")),
                     QStringLiteral("--input"),
                     QString::fromStdString(test::shared_file("samples/motif.fa")),
                     QStringLiteral("--record"),
                     QStringLiteral("motif_000002")} +
         more;
}

TEST(RenderTest, DrawsEveryViewWithoutADisplay) {
  const test::TempDir folder;
  for (const QString& view : panel_names()) {
    const QString path = QString::fromStdString(folder.file(view.toStdString() + ".png"));
    const Outcome outcome =
        run(drawing(view, {"--region", "1001-1100", "--position", "1052", "--against", "crossed",
                           "--size", "600x300", "--output", path}));
    EXPECT_EQ(outcome.exit_code, 0) << view.toStdString() << outcome.errors;
    EXPECT_EQ(QImage(path).size(), QSize(600, 300)) << view.toStdString();
  }
}

TEST(RenderTest, DrawsThePixelsOfTheWindow) {
  test::OpenWindow open;
  GuiOptions options = test::motif_sample();
  options.record = "motif_000002";
  ASSERT_TRUE(open.open(options));
  open.board().view().show(1000.0, 1100.0);
  ASSERT_TRUE(open.settle());
  for (const char* view : {"heatmap", "attribution", "arcs"}) {
    PanelWidget& panel = open.panel(view);
    panel.clearFocus();
    const QImage shown = panel.grab().toImage().convertToFormat(QImage::Format_RGB32);
    const test::TempDir folder;
    const QString path = QString::fromStdString(folder.file("h.png"));
    const QString size = QStringLiteral("%1x%2").arg(panel.width()).arg(panel.height());
    const Outcome outcome =
        run(drawing(view, {"--region", "1001-1100", "--size", size, "--output", path}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
    EXPECT_EQ(QImage(path).convertToFormat(QImage::Format_RGB32), shown) << view;
  }
}

TEST(RenderTest, DrawsWholeRecordsAtAnySize) {
  const test::TempDir folder;
  for (const char* size : {"600x400", "1200x640", "2400x640"}) {
    const QString path = QString::fromStdString(folder.file(std::string(size) + ".png"));
    const Outcome outcome = run(drawing("heatmap", {"--size", size, "--output", path}));
    EXPECT_EQ(outcome.exit_code, 0) << size << outcome.errors;
  }
}

TEST(RenderTest, TooLittleMemoryIsAnErrorAndNoEndlessLoop) {
  const test::TempDir folder;
  const std::string fasta = folder.file("long.fa");
  std::ofstream(fasta) << ">long\n" << test::random_bases(2'000'000, 1) << "\n";
  const Outcome outcome = run({"--render", "heatmap", "--memory", "16", "--model",
                               QString::fromStdString(test::model_file("virus_6mers")), "--input",
                               QString::fromStdString(fasta), "--output",
                               QString::fromStdString(folder.file("x.png"))});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.errors;
  EXPECT_HAS(outcome.errors, "larger --memory");
}

TEST(RenderTest, ComparesTwoRecords) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("c.svg"));
  const QStringList to{"--region", "1001-1100", "--output", path};
  const Outcome outcome = run(drawing("compare", to + QStringList{"--other", "motif_000003"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.errors;
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_HAS(file.readAll().toStdString(), "motif_000003: class matched");
  EXPECT_EQ(run(drawing("compare", to + QStringList{"--other", "nobody"})).exit_code, 1);
}

TEST(RenderTest, WritesSvg) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("a.svg"));
  ASSERT_EQ(run(drawing("attribution", {"--output", path})).exit_code, 0);
  EXPECT_GT(QFileInfo(path).size(), 1000);
}

struct WrongUse {
  QStringList arguments;
  int exit_code;
  const char* says;
};

TEST(RenderTest, WrongUseIsOneClearErrorAndNoFile) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("x.png"));
  const QStringList to{"--output", path};
  const std::vector<WrongUse> cases{
      {drawing("heat", to), 2, "choose one of: heatmap"},
      {drawing("heatmap", {"--output", "x.jpg"}), 2, ".png or .svg"},
      {drawing("heatmap", {}), 2, "--output"},
      {drawing("heatmap", to + QStringList{"--record", "nobody"}), 1, "nobody"},
      {drawing("heatmap", to + QStringList{"--region", "9000-9100"}), 1, "4096"},
      {drawing("heatmap", to + QStringList{"--region", "5..9"}), 2, "A-B"},
      {drawing("heatmap", to + QStringList{"--size", "0x10"}), 2, "--size"},
      {drawing("heatmap", to + QStringList{"--size", "big"}), 2, "--size"},
      {drawing("attribution", to + QStringList{"--class", "Zika"}), 2, "crossed, matched"},
      {drawing("ring", to + QStringList{"--position", "5000"}), 1, "4096"},
      {drawing("ring", to + QStringList{"--position", "-1"}), 2, "--position"},
      {drawing("arcs", to + QStringList{"--factor", "14"}), 2, "factor 14"},
      {drawing("heatmap", to + QStringList{"--block", "2"}), 2, "the model has 1"},
      {drawing("heatmap", to + QStringList{"--palette", "rainbow"}), 2, "blue-red"},
      {drawing("heatmap", to + QStringList{"--model", "no.safetensors"}), 1, "no.safetensors"},
      {drawing("compare", to), 2, "--against"},
      {drawing("spread", to), 2, "--position"},
      {drawing("", to), 2, "choose one of: heatmap"},
      {drawing("heatmap", to + QStringList{"--session", "s.paramixer"}), 2,
       "does not draw sessions"},
      {drawing("heatmap", to + QStringList{"--size", "99999x99999"}), 2, "smaller size"},
      {{"--palette", "grey"}, 2, "--palette needs --render"},
      {{"--session", "/no/such.paramixer", "--render", "arcs"}, 2, "does not draw sessions"},
      {drawing("heatmap", {"--output", "/no/such/folder/x.png"}), 1, "/no/such/folder"},
      {drawing("heatmap", {"--output", "/no/such/folder/x.png", "--model", "none"}), 1,
       "/no/such/folder"},
      {drawing("heatmap", {"--output", ""}), 2, "the value of --output is empty"},
      {drawing("heatmap", to + QStringList{"--input", ""}), 2, "the value of --input is empty"},
      {drawing("heatmap", to + QStringList{""}), 2, "the name of an input is empty"},
      {drawing("heatmap", to + QStringList{"--limit", "nan"}), 2,
       "--limit expects a number from 0 to 1000000000; got 'nan'"},
      {{"--colour"}, 2, "colour"},
      {{}, 1, "no display"},
  };
  for (const WrongUse& wrong : cases) {
    const Outcome outcome = run(wrong.arguments);
    SCOPED_TRACE(wrong.arguments.mid(8).join(' ').toStdString());
    EXPECT_EQ(outcome.exit_code, wrong.exit_code) << outcome.errors;
    EXPECT_HAS(outcome.errors, wrong.says);
    EXPECT_HAS(outcome.errors, "paramixer-gui: error: ");
    EXPECT_FALSE(QFileInfo::exists(path));
  }
}

TEST(RenderTest, NumbersOutOfRangeAreUsageErrorsThatNameOptionAndValue) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("x.png"));
  for (const char* option :
       {"memory", "threads", "size", "block", "position", "factor", "top", "bins", "limit"}) {
    for (const char* value : {"nan", "inf", "-inf", "-1e300", "1e300", "1e999", "abc", "1x", "0x10",
                              "9223372036854775808"}) {
      SCOPED_TRACE(std::string(option) + " " + value);
      const QString name = QStringLiteral("--") + QString::fromLatin1(option);
      const std::string message = test::message_of([&] {
        parse_gui_options(drawing("heatmap", {"--output", path, name, QString::fromLatin1(value)}));
      });
      EXPECT_HAS(message, "--" + std::string(option) + " expects ");
      EXPECT_HAS(message, "; got '" + std::string(value) + "'");
    }
  }
}

TEST(RenderTest, NothingOfQtIsPrintedWhateverTheEnvironmentLacks) {
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("x.png"));
  const QStringList arguments =
      drawing("heatmap", {"--region", "1001-1100", "--size", "600x300", "--output", path});
  QProcessEnvironment bare = without_display();
  for (const char* name : {"XDG_RUNTIME_DIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"}) {
    bare.remove(QString::fromLatin1(name));
  }
  QProcessEnvironment no_home = bare;
  no_home.insert(QStringLiteral("HOME"), QStringLiteral("/proc/no-home"));
  no_home.insert(QStringLiteral("XDG_RUNTIME_DIR"), QStringLiteral("/proc/no-runtime"));
  for (const QProcessEnvironment& environment : {bare, no_home}) {
    const Outcome outcome = run(arguments, environment);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.output, "");
  }
}

TEST(RenderTest, QtSpeaksWhenItIsAsked) {
  const test::TempDir folder;
  QProcessEnvironment environment = without_display();
  environment.remove(QStringLiteral("XDG_RUNTIME_DIR"));
  environment.insert(QStringLiteral("PARAMIXER_QT_MESSAGES"), QStringLiteral("1"));
  const QString path = QString::fromStdString(folder.file("x.png"));
  const Outcome outcome =
      run(drawing("heatmap", {"--region", "1001-1100", "--output", path}), environment);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_HAS(outcome.errors, "XDG_RUNTIME_DIR");
}

TEST(RenderTest, ADisplayThatDoesNotExistIsOneError) {
  QProcessEnvironment environment = without_display();
  environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("no-such-platform"));
  const Outcome outcome = run({}, environment);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_HAS(outcome.errors, "paramixer-gui: error: ");
}

TEST(RenderTest, HelpAndVersionNeedNoDisplay) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_HAS(help.output, "--render");
  EXPECT_EQ(run({"--version"}).exit_code, 0);
}

}  // namespace
}  // namespace paramixer
