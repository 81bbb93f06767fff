#include "core/sequence/window.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

using Windows = std::vector<Window>;

TEST(WindowTest, NothingHasNoWindow) { EXPECT_TRUE(cover_with_windows(0, 10, 5).empty()); }

TEST(WindowTest, ShortRecordIsOneWindow) {
  EXPECT_EQ(cover_with_windows(1, 10, 5), (Windows{{0, 1}}));
  EXPECT_EQ(cover_with_windows(9, 10, 5), (Windows{{0, 9}}));
  EXPECT_EQ(cover_with_windows(10, 10, 5), (Windows{{0, 10}}));
}

TEST(WindowTest, LastWindowEndsWithTheRecord) {
  EXPECT_EQ(cover_with_windows(11, 10, 5), (Windows{{0, 10}, {1, 10}}));
  EXPECT_EQ(cover_with_windows(11, 4, 3), (Windows{{0, 4}, {3, 4}, {6, 4}, {7, 4}}));
}

TEST(WindowTest, ExactFitHasNoExtraWindow) {
  EXPECT_EQ(cover_with_windows(10, 4, 3), (Windows{{0, 4}, {3, 4}, {6, 4}}));
  EXPECT_EQ(cover_with_windows(12, 4, 4), (Windows{{0, 4}, {4, 4}, {8, 4}}));
}

TEST(WindowTest, SingleBaseWindows) {
  EXPECT_EQ(cover_with_windows(3, 1, 1), (Windows{{0, 1}, {1, 1}, {2, 1}}));
}

TEST(WindowTest, EveryBaseIsCoveredAndNoWindowLeavesTheRecord) {
  for (std::int64_t length = 1; length <= 40; ++length) {
    for (std::int64_t window = 1; window <= 12; ++window) {
      for (std::int64_t step = 1; step <= window; ++step) {
        std::int64_t covered = 0;
        for (const Window& w : cover_with_windows(length, window, step)) {
          ASSERT_LE(w.start, covered) << length << ' ' << window << ' ' << step;
          ASSERT_EQ(w.length, std::min(length, window));
          ASSERT_GT(w.start + w.length, covered);
          covered = w.start + w.length;
        }
        ASSERT_EQ(covered, length) << length << ' ' << window << ' ' << step;
      }
    }
  }
}

TEST(WindowTest, StepThatLeavesGapsIsAUsageError) {
  for (const std::int64_t step : {-1, 0, 11}) {
    try {
      cover_with_windows(100, 10, step);
      ADD_FAILURE() << "step " << step << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    }
  }
}

}  // namespace
}  // namespace paramixer
