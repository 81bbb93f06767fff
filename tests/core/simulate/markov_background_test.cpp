#include "core/simulate/markov_background.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

MarkovBackground background_of(std::uint64_t seed) {
  Random random(seed);
  return MarkovBackground(random);
}

TEST(MarkovBackgroundTest, TransitionsAreModeratelyUnevenDistributions) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const MarkovBackground background = background_of(seed);
    for (int from = 0; from < 4; ++from) {
      std::array<double, 4> row{};
      for (int to = 0; to < 4; ++to) {
        row[static_cast<std::size_t>(to)] = background.transition(from, to);
      }
      const auto [low, high] = std::minmax_element(row.begin(), row.end());
      EXPECT_NEAR(row[0] + row[1] + row[2] + row[3], 1.0, 1e-12);
      EXPECT_GT(*low, 0.09);
      EXPECT_LT(*high, 0.51);
      EXPECT_GT(*high - *low, 0.0);
    }
  }
}

TEST(MarkovBackgroundTest, SequencesFollowTheTransitions) {
  const MarkovBackground background = background_of(1);
  Random random(2);
  const std::string sequence = background.draw(400000, random);
  std::array<std::array<double, 4>, 4> counts{};
  for (std::size_t i = 1; i < sequence.size(); ++i) {
    ++counts[base_code(sequence[i - 1])].at(base_code(sequence[i]));
  }
  for (int from = 0; from < 4; ++from) {
    const auto& row = counts[static_cast<std::size_t>(from)];
    const double total = row[0] + row[1] + row[2] + row[3];
    for (int to = 0; to < 4; ++to) {
      EXPECT_NEAR(row[static_cast<std::size_t>(to)] / total, background.transition(from, to), 0.01);
    }
  }
}

TEST(MarkovBackgroundTest, LengthIsExact) {
  Random random(3);
  EXPECT_EQ(background_of(1).draw(0, random), "");
  EXPECT_EQ(background_of(1).draw(1, random).size(), 1U);
  EXPECT_EQ(background_of(1).draw(77, random).size(), 77U);
}

TEST(MarkovBackgroundTest, FirstBaseIsUniform) {
  const MarkovBackground background = background_of(1);
  Random random(4);
  std::array<int, 4> counts{};
  for (int i = 0; i < 20000; ++i) ++counts.at(base_code(background.draw(1, random)[0]));
  for (const int count : counts) EXPECT_NEAR(count, 5000, 310);
}

TEST(MarkovBackgroundTest, SeedDecidesTheChain) {
  EXPECT_EQ(background_of(5).transition(0, 1), background_of(5).transition(0, 1));
  EXPECT_NE(background_of(5).transition(0, 1), background_of(6).transition(0, 1));
}

}  // namespace
}  // namespace paramixer
