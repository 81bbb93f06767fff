#include "io/sequence/name_set.hpp"

#include <gtest/gtest.h>
#include <string>

namespace paramixer {
namespace {

TEST(NameSet, TellsNewNamesFromRepeatedOnesThroughManyGrowths) {
  NameSet names;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) ASSERT_TRUE(names.insert("read" + std::to_string(i))) << i;
  for (int i = 0; i < kCount; ++i) ASSERT_FALSE(names.insert("read" + std::to_string(i))) << i;
}

TEST(NameSet, TakesTheEmptyName) {
  NameSet names;
  EXPECT_TRUE(names.insert(""));
  EXPECT_FALSE(names.insert(""));
}

}  // namespace
}  // namespace paramixer
