#include "gui/window/main_window.hpp"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>
#include <QToolBar>
#include <QWheelEvent>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "core/base/error.hpp"
#include "gui/window/panel_widget.hpp"
#include "gui/window/record_list.hpp"
#include "tests/gui/explored_sample.hpp"
#include "tests/gui/open_window.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

class MainWindowTest : public testing::Test {
 protected:
  void SetUp() override { QSettings().clear(); }

  QTableView& table() {
    return *open_.window().findChild<QTableView*>(QStringLiteral("record-table"));
  }
  QString shown_name() { return open_.board().record()->name(); }
  /// Somewhere inside the plot of the heatmap.
  QPoint inside_heatmap(double share = 0.5) {
    const QRectF area = *heatmap().panel().base_area(heatmap().size());
    return QPoint(static_cast<int>(area.left() + area.width() * share),
                  static_cast<int>(area.center().y()));
  }
  PanelWidget& heatmap() { return open_.panel("heatmap"); }
  double base_at(const QPoint& point) {
    const QRectF area = *heatmap().panel().base_area(heatmap().size());
    return base_scale(area, open_.view()).base(point.x());
  }

  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  test::OpenWindow open_;
};

TEST_F(MainWindowTest, TheToolBarHasAllItsButtons) {
  const auto* bar = open_.window().findChild<QToolBar*>(QStringLiteral("navigation"));
  ASSERT_NE(bar, nullptr);
  QStringList buttons;
  for (const QAction* action : bar->actions()) {
    if (action->isSeparator() || action->iconText().isEmpty()) continue;
    buttons.push_back(action->iconText());
    EXPECT_HAS(action->toolTip().toStdString(), "(");
  }
  EXPECT_EQ(buttons.join(QLatin1Char('|')).toStdString(),
            "Model|Sequences|◀ Back|Forward ▶|+|−|Whole record|▶ Play");
}

TEST_F(MainWindowTest, AnEmptyWindowSaysWhatToDo) {
  bool has_text = false;
  const QImage picture = heatmap().grab().toImage();
  for (int x = 0; x < picture.width(); ++x) {
    has_text =
        has_text || picture.pixelColor(x, picture.height() / 2) != open_.board().theme().background;
  }
  EXPECT_TRUE(has_text);
  EXPECT_EQ(open_.window().windowTitle(), "Paramixer");
}

TEST_F(MainWindowTest, OpensModelAndSampleAndShowsTheFirstRecordWithItsClass) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  EXPECT_EQ(shown_name(), "motif_000000");
  EXPECT_TRUE(open_.window().windowTitle().startsWith("motif_000000"));
  EXPECT_EQ(table().model()->rowCount(), 30);
  EXPECT_EQ(table().currentIndex().row(), 0);
  const QString shown = table().model()->index(0, RecordTableModel::kClass).data().toString();
  EXPECT_TRUE(shown == "matched" || shown == "crossed") << shown.toStdString();
}

TEST_F(MainWindowTest, ClickingARowShowsItsRecordAndKeysStepOn) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const QRect cell = table().visualRect(table().model()->index(3, 0));
  QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, cell.center());
  ASSERT_TRUE(open_.wait_for([&] { return shown_name() == "motif_000003"; }));
  open_.choose_action("Next record");
  ASSERT_TRUE(open_.wait_for([&] { return shown_name() == "motif_000004"; }));
  EXPECT_TRUE(open_.settle());
}

TEST_F(MainWindowTest, TheSearchLeavesRecordsWhoseNamesHaveTheText) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.choose_action("Search records");
  auto* search = open_.window().findChild<RecordList*>()->findChild<QLineEdit*>();
  QTest::keyClicks(search, "00001");
  EXPECT_EQ(table().model()->rowCount(), 11);
  QTest::keyClick(search, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClick(search, Qt::Key_Delete);
  EXPECT_EQ(table().model()->rowCount(), 30);
}

TEST_F(MainWindowTest, TheWheelZoomsAtTheCursorAndUndoTakesItBack) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const ViewState before = open_.view();
  const QPoint cursor = inside_heatmap(0.25);
  const double base = base_at(cursor);
  QWheelEvent wheel(cursor, heatmap().mapToGlobal(cursor), {}, QPoint(0, 5 * 120), Qt::NoButton,
                    Qt::NoModifier, Qt::NoScrollPhase, false);
  QApplication::sendEvent(&heatmap(), &wheel);
  EXPECT_LT(open_.view().end - open_.view().begin, (before.end - before.begin) / 2.5);
  EXPECT_NEAR(base_at(cursor), base, 1.0);
  open_.choose_action("undo");
  EXPECT_EQ(open_.view(), before);
  open_.choose_action("redo");
  EXPECT_NE(open_.view(), before);
}

TEST_F(MainWindowTest, DraggingMovesAndABoxZooms) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const double left = base_at(inside_heatmap(0.4));
  const double right = base_at(inside_heatmap(0.6));
  QTest::mousePress(&heatmap(), Qt::LeftButton, Qt::ControlModifier, inside_heatmap(0.4));
  QTest::mouseMove(&heatmap(), inside_heatmap(0.5));
  QTest::mouseMove(&heatmap(), inside_heatmap(0.6));
  QTest::mouseRelease(&heatmap(), Qt::LeftButton, Qt::ControlModifier, inside_heatmap(0.6));
  EXPECT_NEAR(open_.view().begin, left, 1.0);
  EXPECT_NEAR(open_.view().end, right, 1.0);
  const double under = base_at(inside_heatmap(0.5));
  QTest::mousePress(&heatmap(), Qt::LeftButton, {}, inside_heatmap(0.5));
  QTest::mouseMove(&heatmap(), inside_heatmap(0.6));
  QTest::mouseMove(&heatmap(), inside_heatmap(0.7));
  QTest::mouseRelease(&heatmap(), Qt::LeftButton, {}, inside_heatmap(0.7));
  EXPECT_NEAR(base_at(inside_heatmap(0.7)), under, 3.0);
  EXPECT_FALSE(open_.view().pinned);
}

TEST_F(MainWindowTest, AClickPinsAndADoubleClickFollowsTheLink) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.board().view().show(1000.0, 1100.0);
  ASSERT_TRUE(open_.settle());
  const QPoint point = inside_heatmap(0.5);
  const auto hit = heatmap().panel().hit(point, heatmap().size(), *open_.board().scene());
  ASSERT_TRUE(hit && hit->base && hit->target && hit->factor);
  ASSERT_NE(*hit->base, *hit->target);
  QTest::mouseClick(&heatmap(), Qt::LeftButton, {}, point);
  EXPECT_EQ(open_.view().pinned, hit->base);
  EXPECT_EQ(open_.view().factor, *hit->factor);
  QTest::mouseDClick(&heatmap(), Qt::LeftButton, {}, point);
  EXPECT_EQ(open_.view().pinned, hit->target);
  EXPECT_LE(open_.view().begin, static_cast<double>(*hit->target));
  EXPECT_GT(open_.view().end, static_cast<double>(*hit->target));
}

TEST_F(MainWindowTest, TheKeyboardMovesZoomsPinsAndChoosesFactors) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  QTest::keyClick(&heatmap(), Qt::Key_Down);
  EXPECT_EQ(open_.view().factor, 1);
  QTest::keyClick(&heatmap(), Qt::Key_Up);
  EXPECT_EQ(open_.view().factor, 0);
  QTest::keyClick(&heatmap(), Qt::Key_Plus);
  const double begin = open_.view().begin;
  EXPECT_GT(begin, 0.0);
  QTest::keyClick(&heatmap(), Qt::Key_Right);
  EXPECT_GT(open_.view().begin, begin);
  QTest::keyClick(&heatmap(), Qt::Key_Return);
  EXPECT_TRUE(open_.view().pinned);
  QTest::keyClick(&heatmap(), Qt::Key_Escape);
  EXPECT_FALSE(open_.view().pinned);
  QTest::keyClick(&heatmap(), Qt::Key_Home);
  EXPECT_EQ(open_.view().begin, 0.0);
}

TEST_F(MainWindowTest, ATypedPlaceOpensItsRecordAndAWrongOneSaysWhy) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  auto* place = open_.window().findChild<QLineEdit*>(QStringLiteral("location"));
  const auto type = [&](const char* text) {
    open_.choose_action("To a location");
    place->selectAll();
    QTest::keyClicks(place, text);
    QTest::keyClick(place, Qt::Key_Return);
  };
  type("motif_000005:201-300");
  ASSERT_TRUE(open_.wait_for([&] { return shown_name() == "motif_000005"; }));
  EXPECT_EQ(open_.view().begin, 200.0);
  EXPECT_EQ(open_.view().end, 300.0);
  type("401-9,999,999");
  EXPECT_EQ(open_.view().begin, 400.0);
  EXPECT_EQ(open_.view().end, static_cast<double>(open_.board().record()->length()));
  type("motif_000005:201-300");
  type("9,999,999-10,000,000");
  EXPECT_TRUE(open_.error().contains("there is no position 9999999"));
  type("nobody:1-10");
  EXPECT_TRUE(open_.error().contains("There is no record 'nobody'"));
  EXPECT_EQ(open_.view().begin, 200.0);
}

TEST_F(MainWindowTest, ExportsAPanelAsPicturesAndNumbers) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.board().view().show(500.0, 540.0);
  heatmap().setFocus();
  const test::TempDir folder;
  for (const char* name : {"h.png", "h.svg", "h.tsv"}) {
    const std::string path = folder.file(name);
    open_.choose_in_dialog(QString::fromStdString(path));
    open_.choose_action("Export panel…");
    EXPECT_GT(text_of(path).size(), 1000U) << name;
  }
  QImage picture(QString::fromStdString(folder.file("h.png")));
  EXPECT_EQ(picture.pixelColor(0, picture.height() - 1), QColor(Qt::white));
  EXPECT_HAS(text_of(folder.file("h.svg")), "<svg");
  const std::string table = text_of(folder.file("h.tsv"));
  EXPECT_HAS(table, "factor\tsource\ttarget\toffset\tweight");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 2 + 40 * 13 * 9);
}

TEST_F(MainWindowTest, ExportsTheWholeBoard) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.board().view().show(500.0, 600.0);
  const test::TempDir folder;
  const std::string path = folder.file("board.svg");
  open_.choose_in_dialog(QString::fromStdString(path));
  open_.choose_action("Export board…");
  EXPECT_HAS(text_of(path), "<svg");
}

TEST_F(MainWindowTest, AnExportThatCannotBeWrittenSaysSo) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  heatmap().setFocus();
  open_.board().view().show(500.0, 540.0);
  const test::TempDir folder;
  const std::string path = folder.file("h.jpg");
  open_.choose_in_dialog(QString::fromStdString(path));
  open_.choose_action("Export panel…");
  EXPECT_TRUE(open_.error().contains(".png or .svg"));
}

TEST_F(MainWindowTest, ARunningExplanationStopsAndGoesOnWhenAskedAgain) {
  const test::TempDir folder;
  const std::string fasta = folder.file("long.fa");
  std::ofstream(fasta) << ">long\n" << test::random_bases(600'000, 3) << "\n";
  open_.window().open({.model = QString::fromStdString(test::model_file("virus_6mers")),
                       .inputs = {QString::fromStdString(fasta)}});
  ASSERT_TRUE(open_.wait_for([&] { return open_.board().record() != nullptr; }));
  ASSERT_TRUE(open_.wait_for([&] {
    heatmap().repaint();
    return open_.board().is_waiting();
  }));
  open_.choose_action("Stop computing");
  EXPECT_FALSE(open_.board().is_waiting());
  heatmap().repaint();
  EXPECT_FALSE(open_.board().is_waiting()) << "looking at it must not start it again";
  open_.board().view().show(0.0, 3000.0);
  EXPECT_TRUE(open_.settle());
  const auto hit =
      heatmap().panel().hit(inside_heatmap(), heatmap().size(), *open_.board().scene());
  ASSERT_TRUE(hit);
  EXPECT_FALSE(hit->text.contains("Computing")) << hit->text.toStdString();
}

TEST_F(MainWindowTest, DroppedFilesOpen) {
  open_.drop({test::motif_sample().model});
  open_.drop({test::motif_sample().inputs.front()});
  ASSERT_TRUE(open_.settle());
  EXPECT_EQ(shown_name(), "motif_000000");
}

TEST_F(MainWindowTest, ABrokenSequenceFileIsAnErrorThatNamesIt) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const test::TempDir folder;
  const std::string broken = folder.file("broken.fa");
  std::ofstream(broken) << "this is no sequence file\n";
  open_.drop({QString::fromStdString(broken)});
  const QString message = open_.error();
  EXPECT_TRUE(message.contains("broken.fa")) << message.toStdString();
  EXPECT_EQ(table().model()->rowCount(), 0);
  // The window is as usable as before.
  open_.drop({test::motif_sample().inputs.front()});
  EXPECT_TRUE(open_.settle());
}

TEST_F(MainWindowTest, ABrokenModelIsAnErrorThatNamesIt) {
  const test::TempDir folder;
  const std::string broken = folder.file("broken.safetensors");
  std::ofstream(broken) << "no model";
  open_.drop({QString::fromStdString(broken)});
  const QString message = open_.error();
  EXPECT_TRUE(message.contains("broken.safetensors")) << message.toStdString();
}

TEST_F(MainWindowTest, ARejectedRecordSaysWhyInItsRow) {
  const test::TempDir folder;
  const std::string fasta = folder.file("mixed.fa");
  std::ofstream(fasta) << ">good\n" << test::random_bases(5000, 1) << "\n>bad\nACGT!ACGT\n";
  GuiOptions options = test::motif_sample();
  options.inputs = {QString::fromStdString(fasta)};
  ASSERT_TRUE(open_.open(options));
  const QModelIndex status = table().model()->index(1, RecordTableModel::kStatus);
  EXPECT_TRUE(status.data().toString().startsWith("rejected"))
      << status.data().toString().toStdString();
  EXPECT_TRUE(status.data(Qt::ToolTipRole).toString().contains("'!'"))
      << status.data(Qt::ToolTipRole).toString().toStdString();
}

TEST_F(MainWindowTest, AnUnknownRecordOfTheCommandLineIsAnError) {
  GuiOptions options = test::motif_sample();
  options.record = "nobody";
  open_.window().open(options);
  EXPECT_TRUE(open_.error().contains("There is no record 'nobody' among the 30"));
}

TEST_F(MainWindowTest, ASessionReopensAsItWas) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.board().view().show(700.0, 900.0);
  open_.board().view().edit([](ViewState& state) {
    state.pinned = 777;
    state.residual = Residual::kDrop;
    state.palette = PaletteName::kPurpleGreen;
  });
  open_.window().findChild<RecordList*>()->compare_chosen(7);
  ASSERT_TRUE(open_.wait_for([&] { return open_.board().other() != nullptr; }));
  open_.choose_action("Dark");
  const ViewState saved = open_.view();
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  open_.choose_in_dialog(path);
  open_.choose_action("Save session…");
  open_.choose_action("Dark");

  test::OpenWindow again;
  ASSERT_TRUE(again.open({.session = path}));
  EXPECT_EQ(again.board().record()->name(), "motif_000000");
  EXPECT_EQ(again.view(), saved);
  EXPECT_EQ(again.board().theme().name, ThemeName::kDark);
  ASSERT_TRUE(again.wait_for([&] { return again.board().other() != nullptr; }));
  EXPECT_EQ(again.board().other()->name(), "motif_000007");
  again.choose_action("Dark");
}

TEST_F(MainWindowTest, ASessionThatIsNoneIsAnError) {
  const test::TempDir folder;
  const std::string path = folder.file("s.paramixer");
  std::ofstream(path) << "{";
  open_.drop({QString::fromStdString(path)});
  EXPECT_TRUE(open_.error().contains("is not a session"));
}

TEST_F(MainWindowTest, ASessionOpensWhileAnotherFileIsRead) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const QRect cell = table().visualRect(table().model()->index(7, 0));
  QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, cell.center());
  ASSERT_TRUE(open_.wait_for([&] { return shown_name() == "motif_000007"; }));
  open_.board().view().show(700.0, 900.0);
  const test::TempDir folder;
  const QString path = QString::fromStdString(folder.file("s.paramixer"));
  open_.window().save_session_to(path);

  const std::string fasta = folder.file("many.fa");
  std::ofstream file(fasta);
  for (int i = 0; i < 3000; ++i) {
    file << ">r" << i << "\n" << test::random_bases(4096, 1) << "\n";
  }
  file.close();
  open_.drop({QString::fromStdString(fasta)});
  ASSERT_TRUE(open_.wait_for([&] { return open_.window().open_data().is_cataloguing(); }));
  open_.drop({path});
  ASSERT_TRUE(open_.wait_for(
      [&] { return open_.board().record() != nullptr && shown_name() == "motif_000007"; }));
  ASSERT_TRUE(open_.settle());
  EXPECT_EQ(shown_name(), "motif_000007");
  EXPECT_EQ(open_.view().begin, 700.0);
}

TEST_F(MainWindowTest, AModelWhoseLoadingWasStoppedCanBeOpenedAgain) {
  open_.drop({test::motif_sample().model});
  open_.choose_action("Stop computing");
  EXPECT_FALSE(open_.window().open_data().is_loading());
  ASSERT_TRUE(open_.open(test::motif_sample()));
  EXPECT_EQ(shown_name(), "motif_000000");
}

TEST_F(MainWindowTest, AnotherModelForgetsTheClassesOfTheFirst) {
  GuiOptions options = test::motif_sample();
  options.model = QString::fromStdString(test::model_file("virus_6mers"));
  ASSERT_TRUE(open_.open(options));
  open_.board().view().edit([](ViewState& state) {
    state.target_class = 20;
    state.against_class = 1;
  });
  open_.drop({test::motif_sample().model});
  ASSERT_TRUE(open_.wait_for([&] {
    return open_.board().record() != nullptr && open_.board().record()->classes().size() == 2;
  }));
  EXPECT_TRUE(open_.settle());
  EXPECT_EQ(open_.view().target_class, -1);
  EXPECT_EQ(open_.view().against_class, -1);
}

TEST_F(MainWindowTest, PlayIsOneStepOfUndo) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  const ViewState before = open_.view();
  open_.window().playback().toggle();
  ASSERT_TRUE(open_.wait_for([&] { return open_.view().spread_step == 2; }));
  open_.window().playback().stop();
  open_.choose_action("undo");
  EXPECT_EQ(open_.view(), before);
}

TEST_F(MainWindowTest, PlayStepsThroughTheFactorsAndStopsAtTheLast) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.choose_action("Play the spread through the factors");
  EXPECT_TRUE(open_.window().playback().is_playing());
  EXPECT_EQ(open_.view().spread_step, 0);
  EXPECT_TRUE(open_.view().pinned);
  ASSERT_TRUE(open_.wait_for([&] { return !open_.window().playback().is_playing(); }));
  EXPECT_EQ(open_.view().spread_step, open_.board().record()->factors());
}

TEST_F(MainWindowTest, TheOtherStrandKeepsTheView) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  open_.board().view().show(700.0, 900.0);
  for (QComboBox* box : open_.window().findChildren<QComboBox*>()) {
    if (box->accessibleName() == "Strand") box->setCurrentIndex(1);
  }
  ASSERT_TRUE(open_.wait_for([&] { return open_.board().record()->choices().reversed; }));
  EXPECT_TRUE(open_.settle());
  EXPECT_EQ(open_.view().begin, 700.0);
}

TEST_F(MainWindowTest, EveryControlHasAnAccessibleName) {
  ASSERT_TRUE(open_.open(test::motif_sample()));
  int controls = 0;
  for (QWidget* widget : open_.window().findChildren<QWidget*>()) {
    const QString kind = widget->metaObject()->className();
    const bool is_part = widget->objectName().startsWith("qt_") || kind.startsWith("QDockWidget") ||
                         kind == "QTabBar" || kind == "QMenu" || kind == "QHeaderView" ||
                         kind == "QTableCornerButton" || kind.startsWith("QComboBoxPrivate") ||
                         kind == "QComboBoxListView";
    if (is_part || widget->focusPolicy() == Qt::NoFocus) continue;
    ++controls;
    QAccessibleInterface* own = QAccessible::queryAccessibleInterface(widget);
    ASSERT_NE(own, nullptr) << kind.toStdString();
    EXPECT_FALSE(own->text(QAccessible::Name).isEmpty())
        << kind.toStdString() << " '" << widget->objectName().toStdString() << "' in "
        << widget->parentWidget()->metaObject()->className();
  }
  EXPECT_GT(controls, 20);
}

TEST_F(MainWindowTest, TheHelpListsEveryShortcut) {
  open_.choose_action("Shortcuts");
  QString help;
  for (auto* browser : open_.window().findChildren<QTextBrowser*>()) help += browser->toPlainText();
  int shortcuts = 0;
  for (const QAction* action : open_.window().findChildren<QAction*>()) {
    if (action->shortcut().isEmpty()) continue;
    ++shortcuts;
    EXPECT_TRUE(help.contains(action->shortcut().toString(QKeySequence::NativeText)))
        << action->text().toStdString();
  }
  EXPECT_GT(shortcuts, 15);
}

TEST_F(MainWindowTest, NoTwoActionsShareAShortcut) {
  QStringList keys;
  for (const QAction* action : open_.window().findChildren<QAction*>()) {
    for (const QKeySequence& key : action->shortcuts()) {
      EXPECT_FALSE(keys.contains(key.toString())) << key.toString().toStdString();
      keys << key.toString();
    }
  }
}

TEST_F(MainWindowTest, ClosingWhileItComputesIsQuick) {
  GuiOptions options = test::motif_sample();
  options.model = QString::fromStdString(test::model_file("virus_6mers"));
  open_.window().open(options);
  ASSERT_TRUE(open_.wait_for([&] { return open_.board().record() != nullptr; }));
  open_.window().close();
  EXPECT_FALSE(open_.window().isVisible());
}

}  // namespace
}  // namespace paramixer
