#include "core/explain/base_change.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

std::string text_of(const std::vector<BaseChange>& changes) {
  std::string text;
  for (const BaseChange& change : changes) {
    text += std::to_string(change.position) + change.from + change.to + " ";
  }
  return text;
}

TEST(BaseChangeTest, ThereAreThreeABaseAndFourForAnAmbiguousOne) {
  EXPECT_EQ(text_of(base_changes("ACGT", {1, 2})), "1CA 1CG 1CT 2GA 2GC 2GT ");
  EXPECT_EQ(text_of(base_changes("AN", {1, 1})), "1NA 1NC 1NG 1NT ");
  EXPECT_EQ(text_of(base_changes("aU", {0, 2})), "0aC 0aG 0aT 1UA 1UC 1UG ");
  EXPECT_TRUE(base_changes("ACGT", {2, 0}).empty());
}

}  // namespace
}  // namespace paramixer
