#include "core/base/bounded_queue.hpp"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace paramixer {
namespace {

TEST(BoundedQueue, gives_items_back_in_order) {
  BoundedQueue<int> queue(3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push(i));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.pop(), i);
}

TEST(BoundedQueue, carries_move_only_items) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  ASSERT_TRUE(queue.push(std::make_unique<int>(7)));
  const auto item = queue.pop();
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(**item, 7);
}

TEST(BoundedQueue, close_keeps_what_was_pushed_and_refuses_more) {
  BoundedQueue<int> queue(2);
  ASSERT_TRUE(queue.push(1));
  queue.close();
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, capacity_zero_still_passes_items) {
  BoundedQueue<int> queue(0);
  ASSERT_TRUE(queue.push(5));
  EXPECT_EQ(queue.pop(), 5);
}

TEST(BoundedQueue, producer_never_runs_ahead_of_the_capacity) {
  constexpr int kCapacity = 4;
  constexpr int kItems = 2000;
  BoundedQueue<int> queue(kCapacity);
  std::atomic<int> pushed{0};
  std::jthread producer([&] {
    for (int i = 0; i < kItems && queue.push(i); ++i) ++pushed;
    queue.close();
  });
  int expected = 0;
  while (const auto item = queue.pop()) {
    EXPECT_EQ(*item, expected++);
    // What is pushed but not taken is at most the capacity; the item just taken counts as gone.
    EXPECT_LE(pushed.load(), expected + kCapacity);
  }
  EXPECT_EQ(expected, kItems);
}

TEST(BoundedQueue, close_wakes_a_waiting_producer) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.push(1));
  std::atomic<bool> refused{false};
  {
    std::jthread producer([&] { refused = !queue.push(2); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    queue.close();
  }
  EXPECT_TRUE(refused);
}

TEST(BoundedQueue, close_wakes_waiting_consumers) {
  BoundedQueue<int> queue(1);
  std::atomic<int> ended{0};
  {
    std::vector<std::jthread> consumers;
    for (int i = 0; i < 3; ++i) {
      consumers.emplace_back([&] { ended += queue.pop().has_value() ? 0 : 1; });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    queue.close();
  }
  EXPECT_EQ(ended, 3);
}

TEST(BoundedQueue, many_producers_and_consumers_lose_nothing) {
  constexpr int kEach = 500;
  BoundedQueue<int> queue(3);
  std::atomic<long> sum{0};
  {
    std::vector<std::jthread> consumers;
    for (int i = 0; i < 3; ++i) {
      consumers.emplace_back([&] {
        while (const auto item = queue.pop()) sum += *item;
      });
    }
    {
      std::vector<std::jthread> producers;
      for (int p = 0; p < 3; ++p) {
        producers.emplace_back([&] {
          for (int i = 1; i <= kEach; ++i) queue.push(i);
        });
      }
    }
    queue.close();
  }
  EXPECT_EQ(sum, 3L * kEach * (kEach + 1) / 2);
}

}  // namespace
}  // namespace paramixer
