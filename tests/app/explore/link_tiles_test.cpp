#include "app/services/explore/link_tiles.hpp"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace paramixer {
namespace {

std::string random_record(std::int64_t length) {
  Random random(3);
  std::string bases;
  for (std::int64_t i = 0; i < length; ++i) bases += "ACGT"[random.below(4)];
  return bases;
}

/// A record that the shipped model sees in two windows, and all links of one of its factors.
class LinkTilesTest : public testing::Test {
 protected:
  static constexpr std::int64_t kFactor = 4;
  static constexpr std::int64_t kLength = 9000;

  LinkTilesTest() : weights_(static_cast<std::size_t>(kLength * links())) {
    record_.read(kFactor, 0, kLength, weights_.data());
  }

  std::int64_t links() const { return record_.pattern().links(); }
  float weight(std::int64_t base, std::int64_t link) const {
    return weights_[static_cast<std::size_t>(base * links() + link)];
  }

  /// What a cell of `bases` bases from `begin` on must hold.
  void expect_summary(const Summary& cell, std::int64_t begin, std::int64_t bases,
                      std::int64_t link) const {
    double sum = 0.0;
    double absolute = 0.0;
    std::int64_t count = 0;
    float least = INFINITY;
    float greatest = -INFINITY;
    for (std::int64_t i = begin; i < std::min(begin + bases, kLength); ++i) {
      const float value = weight(i, link);
      if (std::isnan(value)) continue;
      sum += value;
      absolute += std::abs(value);
      least = std::min(least, value);
      greatest = std::max(greatest, value);
      ++count;
    }
    ASSERT_GT(count, 0);
    EXPECT_NEAR(cell.mean, sum / static_cast<double>(count), 1e-5);
    EXPECT_NEAR(cell.mean_absolute, absolute / static_cast<double>(count), 1e-5);
    EXPECT_EQ(cell.least, least);
    EXPECT_EQ(cell.greatest, greatest);
  }

  Explainer explainer_{PARAMIXER_SHARE "/models/motif.safetensors", {}};
  RecordExplorer record_{explainer_, random_record(kLength), {}};
  std::vector<float> weights_;
};

TEST_F(LinkTilesTest, TheFinestTilesAreTheWeights) {
  ASSERT_GE(record_.windows().size(), 2U);
  const LinkTile last = make_fine_tile(record_, {kFactor, 0, kLength / LinkTile::kColumns});
  ASSERT_EQ(last.columns, kLength % LinkTile::kColumns);
  ASSERT_EQ(last.links, links());
  for (std::int64_t c = 0; c < last.columns; ++c) {
    const float expected = weight(kLength - last.columns + c, 2);
    // No 4-mer begins at the last three bases.
    EXPECT_EQ(std::isnan(expected), c >= last.columns - 3);
    if (!std::isnan(expected)) {
      EXPECT_EQ(last.at(2, c).mean, expected);
    } else {
      EXPECT_TRUE(std::isnan(last.at(2, c).mean));
    }
  }
}

TEST_F(LinkTilesTest, TilesSummariseTheirBasesAtEveryLevel) {
  const FactorPyramid pyramid = make_factor_pyramid(record_, kFactor);
  for (const std::int64_t level : {1, 5, 7, 8, 10, 13}) {
    const LinkTileKey key{kFactor, level, 0};
    const LinkTile tile =
        level < kPyramidLevel ? make_fine_tile(record_, key) : make_coarse_tile(pyramid, key);
    const std::int64_t bases = std::int64_t{1} << level;
    ASSERT_EQ(tile.columns, std::min((kLength + bases - 1) / bases, LinkTile::kColumns)) << level;
    for (std::int64_t c = 0; c < tile.columns; c += 7) {
      for (const std::int64_t link : {0L, links() - 1}) {
        expect_summary(tile.at(link, c), c * bases, bases, link);
      }
    }
  }
}

TEST_F(LinkTilesTest, TilesBeyondTheRecordAreEmpty) {
  EXPECT_EQ(make_fine_tile(record_, {kFactor, 0, 1000}).columns, 0);
  EXPECT_EQ(make_coarse_tile(make_factor_pyramid(record_, kFactor), {kFactor, 8, 9}).columns, 0);
}

TEST_F(LinkTilesTest, TheLargestWeightIsThatOfTheWholeRecord) {
  float largest = 0.0F;
  for (const float value : weights_) {
    if (!std::isnan(value)) largest = std::max(largest, std::abs(value));
  }
  EXPECT_GT(largest, 0.0F);
  EXPECT_EQ(largest_weight(record_, kFactor), largest);
}

TEST_F(LinkTilesTest, WhatTakesLongEndsWhenItIsStopped) {
  std::stop_source stop;
  record_.stop_with(stop.get_token());
  EXPECT_NO_THROW(make_factor_pyramid(record_, kFactor));
  stop.request_stop();
  const std::vector<std::function<void()>> works{
      [&] { make_factor_pyramid(record_, kFactor); }, [&] { largest_weight(record_, kFactor); },
      [&] { record_.links({.begin = 0, .end = kLength}); },
      [&] { record_.spread(10, Residual::kKeep); }};
  for (const auto& work : works) {
    try {
      work();
      ADD_FAILURE() << "it was not stopped";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInterrupted);
    }
  }
}

}  // namespace
}  // namespace paramixer
