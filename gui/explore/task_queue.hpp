#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace paramixer {

/// Priority of a waiting task. Among equals, the latest runs first: what is visible now matters
/// more than what was visible before.
enum class Urgency { kVisible, kSoon, kBackground };

/// One thread that runs tasks one after the other, away from the UI thread. Thread-safe.
class TaskQueue {
 public:
  /// The work of a task; it should check the token during long work. Must not throw.
  using Work = std::function<void(std::stop_token)>;

  TaskQueue();
  /// Stops the running task, forgets the others, and waits.
  ~TaskQueue();

  void post(Urgency urgency, Work work);
  /// Forgets all waiting tasks and asks the running one to stop.
  void cancel();
  /// Tasks that wait or run.
  std::int64_t pending() const;

 private:
  struct Task {
    Urgency urgency = Urgency::kVisible;
    Work work;
  };

  void serve(const std::stop_token& closing);

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Task> tasks_;  ///< The next one is the last.
  std::stop_source running_;
  bool is_running_ = false;
  std::jthread thread_;  ///< Last, so that it ends first.
};

}  // namespace paramixer
