#include "gui/explore/view_controller.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

TEST(ViewControllerTest, ZoomKeepsTheCentreWhereItIs) {
  ViewController view;
  view.start(10'000);
  view.zoom(0.1, 2500.0);
  EXPECT_NEAR(view.state().end - view.state().begin, 1000.0, 1e-9);
  EXPECT_NEAR((2500.0 - view.state().begin) / 1000.0, 0.25, 1e-9);
}

TEST(ViewControllerTest, TheViewNeverLeavesTheRecord) {
  ViewController view;
  view.start(1000);
  view.show(900.0, 1100.0);
  EXPECT_EQ(view.state().begin, 800.0);
  EXPECT_EQ(view.state().end, 1000.0);
  view.pan(-100.0);
  EXPECT_EQ(view.state().begin, 0.0);
  view.zoom(1e-9, 500.0);
  EXPECT_EQ(view.state().end - view.state().begin, ViewController::kLeastBases);
  view.zoom(1e9, 500.0);
  EXPECT_EQ(view.state().end, 1000.0);
}

TEST(ViewControllerTest, ARecordShorterThanTheLeastViewIsShownWhole) {
  ViewController view;
  view.start(3);
  view.zoom(0.5, 1.0);
  EXPECT_EQ(view.state().begin, 0.0);
  EXPECT_EQ(view.state().end, 3.0);
}

TEST(ViewControllerTest, UndoTakesBackAWholeMovementAndThenAChoice) {
  ViewController view;
  view.start(10'000);
  view.edit([](ViewState& state) { state.factor = 4; });
  view.pan(0.1);
  view.zoom(0.5, 5000.0);
  view.zoom(0.5, 5000.0);
  EXPECT_EQ(view.undo_stack().count(), 2);
  view.undo_stack().undo();
  EXPECT_EQ(view.state().end, 10'000.0);
  EXPECT_EQ(view.state().factor, 4);
  view.undo_stack().undo();
  EXPECT_EQ(view.state().factor, 0);
  view.undo_stack().redo();
  EXPECT_EQ(view.state().factor, 4);
}

TEST(ViewControllerTest, GoingToAnInvisibleBaseMovesThere) {
  ViewController view;
  view.start(10'000);
  view.show(0.0, 100.0);
  view.go_to(5000);
  EXPECT_EQ(view.state().pinned, 5000);
  EXPECT_LT(view.state().begin, 5000.0);
  EXPECT_GT(view.state().end, 5001.0);
  EXPECT_NEAR(view.state().end - view.state().begin, 100.0, 1e-9);
}

TEST(ViewControllerTest, FactorsGoRound) {
  ViewController view;
  view.start(100);
  view.step_factor(-1, 12);
  EXPECT_EQ(view.state().factor, 11);
  view.step_factor(1, 12);
  EXPECT_EQ(view.state().factor, 0);
  view.step_factor(1, 0);
  EXPECT_EQ(view.state().factor, 0);
}

TEST(ViewControllerTest, AnotherRecordForgetsTheStepsButKeepsChoices) {
  ViewController view;
  view.start(100);
  view.edit([](ViewState& state) {
    state.palette = PaletteName::kGrey;
    state.pinned = 50;
  });
  view.start(2000);
  EXPECT_EQ(view.undo_stack().count(), 0);
  EXPECT_EQ(view.state().palette, PaletteName::kGrey);
  EXPECT_FALSE(view.state().pinned);
  EXPECT_EQ(view.state().end, 2000.0);
}

}  // namespace
}  // namespace paramixer
