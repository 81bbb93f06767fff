#include "core/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace paramixer {
namespace {

// Computed by an independent implementation of xoshiro256** and splitmix64 in Python: models,
// simulated data and resumed training depend on these streams never changing.
TEST(RandomTest, StreamsAreTheSameOnEveryMachine) {
  Random plain(1);
  EXPECT_EQ(plain.next(), 0xa730601823fa7785ULL);
  EXPECT_EQ(plain.next(), 0x83011c2201ae8a6aULL);
  EXPECT_EQ(plain.next(), 0x30af3b1e78c74688ULL);
  Random numbered(1, 2, 3);
  EXPECT_EQ(numbered.next(), 0xc1f3d3bb0ad5092eULL);
  EXPECT_EQ(numbered.next(), 0x09b3dea38915557cULL);
  EXPECT_EQ(numbered.next(), 0xd0c916bf22d262c7ULL);
  Random zero(0);
  EXPECT_EQ(zero.next(), 0x2fd7fc0cfbb5a998ULL);
}

TEST(RandomTest, SeedStreamAndSubstreamAllMatter) {
  const std::uint64_t first = Random(1, 2, 3).next();
  EXPECT_NE(first, Random(2, 2, 3).next());
  EXPECT_NE(first, Random(1, 3, 3).next());
  EXPECT_NE(first, Random(1, 2, 4).next());
  EXPECT_NE(first, Random(1, 3, 2).next());
}

TEST(RandomTest, BelowReachesEveryValueEquallyOften) {
  constexpr int kDraws = 70000;
  for (const std::uint64_t bound : {1U, 2U, 7U}) {
    Random random(5);
    std::vector<int> counts(bound, 0);
    for (int i = 0; i < kDraws; ++i) ++counts.at(random.below(bound));
    const double expected = static_cast<double>(kDraws) / static_cast<double>(bound);
    for (const int count : counts) EXPECT_NEAR(count, expected, 5.0 * std::sqrt(expected));
  }
}

TEST(RandomTest, BelowIsUnbiasedForBoundsNearTheWholeRange) {
  // A plain remainder would put two thirds of the values into the lower half of this range.
  const std::uint64_t bound = 3ULL << 62;
  Random random(5);
  int low = 0;
  for (int i = 0; i < 10000; ++i) low += random.below(bound) < bound / 2 ? 1 : 0;
  EXPECT_NEAR(low, 5000, 250);
}

TEST(RandomTest, BetweenIncludesBothEnds) {
  Random random(6);
  std::vector<std::int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.push_back(random.between(-2, 1));
  EXPECT_EQ(*std::min_element(seen.begin(), seen.end()), -2);
  EXPECT_EQ(*std::max_element(seen.begin(), seen.end()), 1);
  EXPECT_EQ(random.between(9, 9), 9);
}

TEST(RandomTest, UniformFillsTheHalfOpenUnitInterval) {
  Random random(7);
  double sum = 0.0;
  double low = 1.0;
  double high = 0.0;
  for (int i = 0; i < 100000; ++i) {
    const double value = random.uniform();
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
  EXPECT_GE(low, 0.0);
  EXPECT_LT(low, 0.001);
  EXPECT_LT(high, 1.0);
  EXPECT_GT(high, 0.999);
}

TEST(RandomTest, ChanceFollowsItsProbability) {
  Random random(8);
  int hits = 0;
  for (int i = 0; i < 100000; ++i) {
    hits += random.chance(0.3) ? 1 : 0;
    ASSERT_FALSE(random.chance(0.0));
    ASSERT_TRUE(random.chance(1.0));
  }
  EXPECT_NEAR(hits, 30000, 750);
}

TEST(RandomTest, NormalHasUnitMomentsAndIsSymmetric) {
  Random random(9);
  constexpr int kDraws = 200000;
  double sum = 0.0;
  double squares = 0.0;
  double fourth = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
    fourth += value * value * value * value;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.012);
  EXPECT_NEAR(squares / kDraws, 1.0, 0.016);
  EXPECT_NEAR(fourth / kDraws, 3.0, 0.12);
}

TEST(RandomTest, ShuffleMakesEveryPermutationEquallyLikely) {
  Random random(10);
  std::vector<int> counts(6, 0);
  for (int i = 0; i < 60000; ++i) {
    std::vector<int> values{0, 1, 2};
    random.shuffle(values);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    ASSERT_EQ(sorted, (std::vector<int>{0, 1, 2}));
    ++counts[static_cast<std::size_t>(2 * values[0] + (values[1] > values[2] ? 1 : 0))];
  }
  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(RandomTest, ShuffleOfNothingOrOneLeavesItAlone) {
  Random random(11);
  std::vector<int> none;
  random.shuffle(none);
  EXPECT_TRUE(none.empty());
  std::vector<int> one{4};
  random.shuffle(one);
  EXPECT_EQ(one, std::vector<int>{4});
}

}  // namespace
}  // namespace paramixer
