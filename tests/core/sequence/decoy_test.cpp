#include "core/sequence/decoy.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace paramixer {
namespace {

std::string repeated(const std::string& unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

TEST(Decoy, keeps_the_length_and_the_alphabet) {
  Random random(1);
  for (const std::size_t length : {0U, 1U, 2U, 3U, 50U}) {
    const std::string bases(length, 'C');
    for (int i = 0; i < 20; ++i) {
      const std::string decoy = decoy_of(bases, random);
      EXPECT_EQ(decoy.size(), length);
      EXPECT_EQ(decoy.find_first_not_of("ACGT"), std::string::npos) << decoy;
    }
  }
}

TEST(Decoy, half_are_the_bases_backwards) {
  const std::string bases = repeated("AACGTGCC", 40);
  const std::string backwards(bases.rbegin(), bases.rend());
  Random random(2);
  int equal = 0;
  for (int i = 0; i < 400; ++i) equal += decoy_of(bases, random) == backwards ? 1 : 0;
  EXPECT_GT(equal, 150);
  EXPECT_LT(equal, 250);
}

TEST(Decoy, the_others_follow_the_neighbourhoods_of_the_bases) {
  // Only these pairs occur, so a chain of any order keeps to them once it is in a known context.
  const std::string bases = repeated("ACG", 200);
  Random random(3);
  std::set<std::string> pairs;
  for (int i = 0; i < 50; ++i) {
    const std::string decoy = decoy_of(bases, random);
    if (decoy.find("CG") == std::string::npos) continue;  // Backwards.
    for (std::size_t p = 100; p + 2 <= decoy.size(); ++p) pairs.insert(decoy.substr(p, 2));
  }
  for (const std::string pair : {"AC", "CG", "GA"}) EXPECT_TRUE(pairs.contains(pair)) << pair;
}

TEST(Decoy, the_same_seed_draws_the_same) {
  const std::string bases = repeated("ACGTTGCATT", 30) + "NNRY";
  Random first(4);
  Random second(4);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(decoy_of(bases, first), decoy_of(bases, second));
}

}  // namespace
}  // namespace paramixer
