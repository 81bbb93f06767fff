#include "core/sequence/random_base.hpp"

#include <gtest/gtest.h>
#include <map>

namespace paramixer {
namespace {

TEST(RandomBaseTest, DrawsTheFourBasesEquallyOften) {
  Random random(1);
  std::map<char, int> counts;
  for (int i = 0; i < 40000; ++i) ++counts[random_base(random)];
  ASSERT_EQ(counts.size(), 4U);
  for (const char base : {'A', 'C', 'G', 'T'}) EXPECT_NEAR(counts[base], 10000, 450);
}

TEST(RandomBaseTest, OtherBaseIsOneOfTheThreeOthers) {
  Random random(2);
  for (const char base : {'A', 'C', 'G', 'T'}) {
    std::map<char, int> counts;
    for (int i = 0; i < 30000; ++i) ++counts[other_base(base, random)];
    ASSERT_EQ(counts.size(), 3U);
    EXPECT_EQ(counts.count(base), 0U);
    for (const auto& [letter, count] : counts) EXPECT_NEAR(count, 10000, 450) << letter;
  }
}

TEST(RandomBaseTest, CaseAndUracilCountAsTheirBase) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(other_base('U', random), 'T');
    EXPECT_NE(other_base('a', random), 'A');
  }
}

TEST(RandomBaseTest, OtherLettersStayAsTheyAre) {
  Random random(4);
  EXPECT_EQ(other_base('N', random), 'N');
  EXPECT_EQ(other_base('r', random), 'r');
  EXPECT_EQ(other_base('-', random), '-');
}

}  // namespace
}  // namespace paramixer
