#include "core/explain/window_calls.hpp"

#include <gtest/gtest.h>
#include <set>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

TEST(WindowCallsTest, SegmentsAreMeansOfTheCoveringWindows) {
  const std::vector<Window> windows{{0, 10}, {5, 10}, {8, 10}};
  const std::vector<float> answers{1, 0, 0, 1, 0, 1};
  const auto segments = scan_segments(windows, answers, 2);
  ASSERT_EQ(segments.size(), 5U);
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{
      {0, 5}, {5, 8}, {8, 10}, {10, 15}, {15, 18}};
  const std::vector<float> first_class{1.0F, 0.5F, 1.0F / 3.0F, 0.0F, 0.0F};
  for (std::size_t s = 0; s < segments.size(); ++s) {
    EXPECT_EQ(std::pair(segments[s].begin, segments[s].end), expected[s]);
    EXPECT_FLOAT_EQ(segments[s].probabilities[0], first_class[s]);
    EXPECT_FLOAT_EQ(segments[s].probabilities[1], 1.0F - first_class[s]);
  }
}

TEST(WindowCallsTest, WindowsSideBySideStayWhatTheyAre) {
  const auto windows = cover_with_windows(30, 10, 10);
  const auto segments = scan_segments(windows, std::vector<float>{0.1F, 0.2F, 0.3F}, 1);
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_EQ(segments[2].begin, 20);
  EXPECT_FLOAT_EQ(segments[2].probabilities[0], 0.3F);
}

TEST(WindowCallsTest, NoWindowsGiveNoSegments) {
  EXPECT_TRUE(scan_segments({}, {}, 3).empty());
  EXPECT_TRUE(merged_calls({}, 0.0).empty());
  EXPECT_THROW(scan_segments(std::vector<Window>{{0, 1}}, std::vector<float>{1.0F}, 2), Error);
}

TEST(WindowCallsTest, NeighboursWithOneAnswerAreMergedByLength) {
  const std::vector<ScanSegment> segments{
      {0, 10, {0.9F, 0.1F}}, {10, 40, {0.6F, 0.4F}}, {40, 50, {0.3F, 0.7F}}};
  const auto calls = merged_calls(segments, 0.0);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].begin, 0);
  EXPECT_EQ(calls[0].end, 40);
  EXPECT_EQ(calls[0].best, 0);
  EXPECT_NEAR(calls[0].probability, (0.9 * 10 + 0.6 * 30) / 40, 1e-6);
  EXPECT_EQ(calls[1].best, 1);
  const auto doubtful = merged_calls(segments, 0.65);
  ASSERT_EQ(doubtful.size(), 3U);
  EXPECT_EQ(doubtful[1].best, -1);
}

TEST(WindowCallsTest, WindowsWithoutAnAnswerCountForNothing) {
  const std::vector<Window> windows{{0, 10}, {5, 10}, {10, 10}, {15, 10}};
  const std::vector<float> answers{0.9F,      0.1F,      kNoAnswer, kNoAnswer,
                                   kNoAnswer, kNoAnswer, 0.2F,      0.8F};
  const auto segments = scan_segments(windows, answers, 2);
  ASSERT_EQ(segments.size(), 5U);
  EXPECT_EQ(segments[1].probabilities, (std::vector<float>{0.9F, 0.1F}));
  EXPECT_TRUE(segments[2].probabilities.empty());
  EXPECT_EQ(segments[3].probabilities, (std::vector<float>{0.2F, 0.8F}));
  const auto calls = merged_calls(segments, 0.0);
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[0].end, 10);
  EXPECT_EQ(calls[1].best, -1);
  EXPECT_EQ(calls[1].probability, 0.0F);
  EXPECT_EQ(calls[1].end, 15);
  EXPECT_EQ(calls[2].best, 1);
}

TEST(WindowCallsTest, GapsBelongToNoClass) {
  const std::vector<Window> windows{{0, 10}, {5, 10}, {10, 10}};
  const std::vector<float> answers{0.5F, 0.7F, 0.9F};
  const std::vector<Window> gaps{{0, 2}, {7, 4}, {18, 2}};
  const auto segments = scan_segments(windows, answers, 1, gaps);
  std::vector<std::pair<std::int64_t, std::int64_t>> called;
  for (const ScanSegment& segment : segments) {
    if (!segment.probabilities.empty()) called.emplace_back(segment.begin, segment.end);
  }
  EXPECT_EQ(called, (std::vector<std::pair<std::int64_t, std::int64_t>>{
                        {2, 5}, {5, 7}, {11, 15}, {15, 18}}));
  EXPECT_EQ(segments.front().begin, 0);
  EXPECT_EQ(segments.back().end, 20);
  EXPECT_FLOAT_EQ(segments[2].probabilities.at(0), 0.6F);
}

TEST(WindowCallsTest, ColoursOfClassesDiffer) {
  std::set<std::uint32_t> colors;
  for (std::int32_t c = -1; c < 40; ++c) colors.insert(class_color(c));
  EXPECT_EQ(colors.size(), 41U);
}

}  // namespace
}  // namespace paramixer
