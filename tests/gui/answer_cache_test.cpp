#include "gui/explore/answer_cache.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

std::shared_ptr<const int> number(int value) { return std::make_shared<const int>(value); }

TEST(AnswerCacheTest, ForgetsWhatWasUsedLongestAgoOverAllCaches) {
  MemoryBudget budget(100);
  AnswerCache<int, int> first(budget);
  AnswerCache<int, int> second(budget);
  first.insert(1, number(10), 40);
  second.insert(1, number(20), 40);
  EXPECT_NE(first.find(1), nullptr);
  second.insert(2, number(30), 40);
  EXPECT_EQ(second.find(1), nullptr);
  EXPECT_EQ(*first.find(1), 10);
  EXPECT_EQ(*second.find(2), 30);
  EXPECT_EQ(budget.used(), 80);
}

TEST(AnswerCacheTest, KeepsTheNewestAnswerEvenWhenItIsTooLarge) {
  MemoryBudget budget(10);
  AnswerCache<int, int> cache(budget);
  cache.insert(1, number(1), 5);
  cache.insert(2, number(2), 500);
  EXPECT_EQ(cache.find(1), nullptr);
  EXPECT_EQ(*cache.find(2), 2);
}

TEST(AnswerCacheTest, ReplacingAndClearingGiveTheMemoryBack) {
  MemoryBudget budget(100);
  {
    AnswerCache<int, int> cache(budget);
    cache.insert(1, number(1), 30);
    cache.insert(1, number(2), 50);
    EXPECT_EQ(budget.used(), 50);
    EXPECT_EQ(*cache.find(1), 2);
    cache.clear();
    EXPECT_EQ(budget.used(), 0);
    cache.insert(7, number(7), 20);
  }
  EXPECT_EQ(budget.used(), 0);
}

}  // namespace
}  // namespace paramixer
