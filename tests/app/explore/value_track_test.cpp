#include "app/services/explore/value_track.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

namespace paramixer {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::vector<float> waves(std::int64_t count) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < count; ++i) {
    values.push_back(static_cast<float>(std::sin(0.01 * static_cast<double>(i))));
  }
  return values;
}

TEST(ValueTrackTest, ColumnsOfOneBaseAreTheValues) {
  const ValueTrack track(10, {1.0F, -2.0F, 3.0F});
  const auto columns = track.columns(10.0, 13.0, 3);
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[1], (Summary{-2.0F, 2.0F, -2.0F, -2.0F}));
  EXPECT_EQ(track.at(12), 3.0F);
  EXPECT_EQ(track.largest(), 3.0F);
}

TEST(ValueTrackTest, BasesOutsideAndBasesWithoutAValueHaveNone) {
  const ValueTrack track(10, {kNone, 1.0F});
  EXPECT_TRUE(std::isnan(track.at(9)));
  EXPECT_TRUE(std::isnan(track.at(12)));
  EXPECT_TRUE(std::isnan(track.columns(0.0, 5.0, 1)[0].mean));
  EXPECT_TRUE(std::isnan(track.columns(10.0, 11.0, 1)[0].mean));
  EXPECT_EQ(track.columns(10.0, 12.0, 1)[0].mean, 1.0F);
  const ValueTrack empty(0, {});
  EXPECT_EQ(empty.largest(), 0.0F);
  EXPECT_TRUE(std::isnan(empty.columns(0.0, 1.0, 1)[0].mean));
  EXPECT_TRUE(track.columns(10.0, 12.0, 0).empty());
}

TEST(ValueTrackTest, WideColumnsSummariseTheirBases) {
  const std::vector<float> values = waves(1 << 16);
  const ValueTrack track(0, values);
  // 4,096 bases per column: whole groups at every level of the pyramid.
  const auto columns = track.columns(0.0, 65536.0, 16);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(4096 * c);
    EXPECT_NEAR(columns[c].mean, std::accumulate(begin, begin + 4096, 0.0) / 4096.0, 1e-5);
    EXPECT_EQ(columns[c].least, *std::min_element(begin, begin + 4096));
    EXPECT_EQ(columns[c].greatest, *std::max_element(begin, begin + 4096));
  }
}

TEST(ValueTrackTest, UnevenColumnsStayWithinAGroupOfTheTruth) {
  const std::vector<float> values = waves(50000);
  const ValueTrack track(0, values);
  const auto columns = track.columns(123.0, 49000.0, 7);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const double width = (49000.0 - 123.0) / 7.0;
    const auto begin =
        values.begin() + static_cast<std::ptrdiff_t>(123.0 + width * static_cast<double>(c));
    const auto end = begin + static_cast<std::ptrdiff_t>(width);
    // Rounded outwards, so that no peak is lost.
    EXPECT_LE(columns[c].least, *std::min_element(begin, end));
    EXPECT_GE(columns[c].greatest, *std::max_element(begin, end));
    EXPECT_NEAR(columns[c].mean, std::accumulate(begin, end, 0.0) / width, 0.15);
  }
}

}  // namespace
}  // namespace paramixer
