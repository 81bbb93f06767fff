#include "core/explain/perturbation.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

using Positions = std::vector<std::int64_t>;

TEST(PerturbationTest, TopPositionsHaveTheLargestAbsoluteValues) {
  const std::vector<float> values{0.0F, -5.0F, 2.0F, 2.0F, 1.0F};
  EXPECT_EQ(top_positions(values, 2), (Positions{1, 2}));
  EXPECT_EQ(top_positions(values, 3), (Positions{1, 2, 3}));
  EXPECT_EQ(top_positions(values, 9).size(), 5U);
  EXPECT_TRUE(top_positions(values, 0).empty());
  EXPECT_TRUE(top_positions({}, 2).empty());
}

TEST(PerturbationTest, RandomPositionsAreDifferentSortedAndInside) {
  Random random(1);
  const Positions positions = random_positions(50, 20, random);
  ASSERT_EQ(positions.size(), 20U);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
  EXPECT_EQ(std::adjacent_find(positions.begin(), positions.end()), positions.end());
  EXPECT_GE(positions.front(), 0);
  EXPECT_LT(positions.back(), 50);
}

TEST(PerturbationTest, MaskedBasesBecomeNAndDeletedOnesGo) {
  Random random(1);
  const Positions positions{0, 2, 5};
  EXPECT_EQ(perturbed("ACGTAC", positions, Perturbation::kMask, random), "NCNTAN");
  EXPECT_EQ(perturbed("ACGTAC", positions, Perturbation::kDelete, random), "CTA");
  EXPECT_EQ(perturbed("ACGTAC", {}, Perturbation::kDelete, random), "ACGTAC");
}

TEST(PerturbationTest, ShufflingKeepsTheCompositionAndTheOtherBases) {
  Random random(1);
  const std::string bases = "AAAACCCCGGGGTTTT";
  Positions positions(bases.size() - 1);
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int64_t>(i);
  std::string shuffled = perturbed(bases, positions, Perturbation::kShuffle, random);
  EXPECT_NE(shuffled, bases);
  EXPECT_EQ(shuffled.back(), 'T');
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, bases);
}

TEST(PerturbationTest, NamesAreKnown) {
  EXPECT_EQ(value_named<Perturbation>("delete"), Perturbation::kDelete);
  EXPECT_STREQ(name_of(Perturbation::kShuffle), "shuffle");
  EXPECT_THROW(value_named<Perturbation>("burn"), Error);
}

}  // namespace
}  // namespace paramixer
