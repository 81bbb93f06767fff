#include "core/explain/pyramid.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/explain/link_pyramid.hpp"
#include "tests/core/explain/explain_cases.hpp"

namespace paramixer {
namespace {

std::vector<float> random_track(std::int64_t length) {
  Random random(1);
  std::vector<float> track;
  for (std::int64_t i = 0; i < length; ++i) track.push_back(static_cast<float>(random.normal()));
  return track;
}

Summary summary_of(std::span<const float> values) {
  Summary summary{0, 0, values[0], values[0]};
  double sum = 0.0;
  double absolute = 0.0;
  for (const float value : values) {
    sum += value;
    absolute += std::abs(value);
    summary.least = std::min(summary.least, value);
    summary.greatest = std::max(summary.greatest, value);
  }
  summary.mean = static_cast<float>(sum / static_cast<double>(values.size()));
  summary.mean_absolute = static_cast<float>(absolute / static_cast<double>(values.size()));
  return summary;
}

void expect_whole(const Pyramid& pyramid, std::span<const float> track) {
  for (std::int64_t l = 0; l < pyramid.levels(); ++l) {
    const auto group = static_cast<std::size_t>(pyramid.values_per_summary(l));
    const auto& level = pyramid.level(l);
    ASSERT_EQ(level.size(), (track.size() + group - 1) / group) << "level " << l;
    for (std::size_t s = 0; s < level.size(); ++s) {
      const auto values = track.subspan(s * group, std::min(group, track.size() - s * group));
      const Summary expected = summary_of(values);
      EXPECT_NEAR(level[s].mean, expected.mean, 1e-6);
      EXPECT_NEAR(level[s].mean_absolute, expected.mean_absolute, 1e-6);
      EXPECT_EQ(level[s].least, expected.least);
      EXPECT_EQ(level[s].greatest, expected.greatest);
    }
  }
}

TEST(PyramidTest, EveryLevelSummarisesItsValues) {
  for (const std::int64_t base : {1, 2, 3, 64}) {
    for (const std::int64_t length : {1, 2, 3, 7, 8, 63, 64, 65, 1000}) {
      const auto track = random_track(length);
      Pyramid pyramid(base);
      pyramid.add(std::span(track).first(track.size() / 3));
      pyramid.add(std::span(track).subspan(track.size() / 3));
      pyramid.finish();
      ASSERT_GE(pyramid.levels(), 1);
      EXPECT_EQ(pyramid.level(pyramid.levels() - 1).size(), 1U) << base << " " << length;
      EXPECT_EQ(pyramid.size(), length);
      expect_whole(pyramid, track);
    }
  }
}

TEST(PyramidTest, AnEmptyTrackHasNoLevel) {
  Pyramid pyramid(4);
  pyramid.finish();
  EXPECT_EQ(pyramid.levels(), 0);
}

TEST(PyramidTest, PlacesWithoutAValueAreLeftOut) {
  const float none = std::numeric_limits<float>::quiet_NaN();
  Pyramid pyramid(2);
  pyramid.add(std::vector<float>{none, -3.0F, none, none, 1.0F});
  pyramid.finish();
  EXPECT_EQ(pyramid.level(0)[0], (Summary{-3.0F, 3.0F, -3.0F, -3.0F}));
  EXPECT_TRUE(std::isnan(pyramid.level(0)[1].mean));
  EXPECT_TRUE(std::isnan(pyramid.level(0)[1].least));
  EXPECT_EQ(pyramid.level(pyramid.levels() - 1)[0], (Summary{-1.0F, 2.0F, -3.0F, 1.0F}));
}

TEST(PyramidTest, ABaseBelowOneIsRefused) { EXPECT_THROW(Pyramid(0), Error); }

TEST(LinkPyramidTest, HoldsOneTrackALink) {
  for (const auto& shape : test::explain_cases()) {
    if (shape.factors == 0) continue;
    const auto links = test::make_source(shape);
    const LinkStretch stretch{.end = shape.length,
                              .links = links->links(),
                              .read = [&](std::int64_t begin, std::int64_t end, float* out) {
                                links->read(shape.factors - 1, begin, end, out);
                              }};
    const auto pyramids = link_pyramids(stretch, 2);
    ASSERT_EQ(std::ssize(pyramids), links->links());
    std::vector<float> row(static_cast<std::size_t>(links->links()));
    for (std::size_t k = 0; k < pyramids.size(); ++k) {
      std::vector<float> track;
      for (std::int64_t i = 0; i < shape.length; ++i) {
        links->read(shape.factors - 1, i, i + 1, row.data());
        track.push_back(row[k]);
      }
      expect_whole(pyramids[k], track);
    }
  }
}

}  // namespace
}  // namespace paramixer
