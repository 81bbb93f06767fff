#include "gui/explore/task_queue.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {

TaskQueue::TaskQueue() : thread_([this](const std::stop_token& closing) { serve(closing); }) {}

TaskQueue::~TaskQueue() {
  cancel();
  thread_.request_stop();
}

void TaskQueue::post(Urgency urgency, Work work) {
  {
    const std::lock_guard lock(mutex_);
    // The last task is the next to run: it comes after all less urgent and all older equally urgent
    // ones.
    const auto place = std::find_if(tasks_.begin(), tasks_.end(),
                                    [&](const Task& task) { return task.urgency < urgency; });
    tasks_.insert(place, {urgency, std::move(work)});
  }
  wake_.notify_one();
}

void TaskQueue::cancel() {
  std::deque<Task> forgotten;
  const std::lock_guard lock(mutex_);
  forgotten.swap(tasks_);
  running_.request_stop();
}

std::int64_t TaskQueue::pending() const {
  const std::lock_guard lock(mutex_);
  return std::ssize(tasks_) + (is_running_ ? 1 : 0);
}

void TaskQueue::serve(const std::stop_token& closing) {
  while (true) {
    Work work;
    std::stop_token stop;
    {
      std::unique_lock lock(mutex_);
      is_running_ = false;
      if (!wake_.wait(lock, closing, [this] { return !tasks_.empty(); })) return;
      if (closing.stop_requested()) return;
      work = std::move(tasks_.back().work);
      tasks_.pop_back();
      running_ = std::stop_source();
      stop = running_.get_token();
      is_running_ = true;
    }
    work(stop);
  }
}

}  // namespace paramixer
