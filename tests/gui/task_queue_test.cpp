#include "gui/explore/task_queue.hpp"

#include <future>
#include <gtest/gtest.h>
#include <mutex>
#include <vector>

namespace paramixer {
namespace {

TEST(TaskQueueTest, TheMostUrgentAndLatestTaskGoesFirst) {
  TaskQueue queue;
  std::promise<void> gate;
  std::promise<void> blocked;
  std::promise<void> done;
  std::vector<int> order;
  queue.post(Urgency::kVisible, [&](const std::stop_token&) {
    blocked.set_value();
    gate.get_future().wait();
  });
  blocked.get_future().wait();
  const auto note = [&](int number) {
    return [&, number](const auto&) { order.push_back(number); };
  };
  queue.post(Urgency::kBackground, [&](const std::stop_token&) {
    order.push_back(5);
    done.set_value();
  });
  queue.post(Urgency::kSoon, note(4));
  queue.post(Urgency::kVisible, note(2));
  queue.post(Urgency::kSoon, note(3));
  queue.post(Urgency::kVisible, note(1));
  gate.set_value();
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 5}));
}

TEST(TaskQueueTest, CancellingStopsTheRunningTaskAndForgetsTheOthers) {
  TaskQueue queue;
  std::promise<void> started;
  std::promise<void> stopped;
  bool forgotten_ran = false;
  queue.post(Urgency::kVisible, [&](const std::stop_token& stop) {
    started.set_value();
    while (!stop.stop_requested()) std::this_thread::yield();
    stopped.set_value();
  });
  started.get_future().wait();
  queue.post(Urgency::kVisible, [&](const std::stop_token&) { forgotten_ran = true; });
  queue.cancel();
  stopped.get_future().wait();
  std::promise<void> after;
  queue.post(Urgency::kBackground, [&](const std::stop_token& stop) {
    EXPECT_FALSE(stop.stop_requested());
    after.set_value();
  });
  after.get_future().wait();
  EXPECT_FALSE(forgotten_ran);
}

TEST(TaskQueueTest, ClosingDoesNotWaitForWaitingTasks) {
  bool ran = false;
  std::promise<void> started;
  {
    TaskQueue queue;
    queue.post(Urgency::kVisible, [&](const std::stop_token& stop) {
      started.set_value();
      while (!stop.stop_requested()) std::this_thread::yield();
    });
    started.get_future().wait();
    queue.post(Urgency::kVisible, [&](const std::stop_token&) { ran = true; });
  }
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace paramixer
