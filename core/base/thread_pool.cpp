#include "core/base/thread_pool.hpp"

namespace paramixer {

ThreadPool::ThreadPool(int threads) {
  workers_.reserve(static_cast<std::size_t>(threads - 1));
  try {
    for (int member = 1; member < threads; ++member) {
      workers_.emplace_back([this, member] { serve(member); });
    }
  } catch (...) {
    // Running threads must be joined, and the destructor does not run for an incomplete pool.
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
    throw;
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run(const std::function<void(int)>& work) {
  if (workers_.empty()) {
    work(0);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    work_ = &work;
    pending_ = static_cast<int>(workers_.size());
    ++section_;
  }
  wake_.notify_all();
  try {
    work(0);
  } catch (...) {
    record_error();
  }
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return pending_ == 0; });
  work_ = nullptr;
  if (error_) {
    std::exception_ptr error;
    std::swap(error, error_);
    std::rethrow_exception(error);
  }
}

void ThreadPool::serve(int member) {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || section_ != seen; });
    if (stopping_) return;
    seen = section_;
    const auto* work = work_;
    lock.unlock();
    try {
      (*work)(member);
    } catch (...) {
      record_error();
    }
    lock.lock();
    if (--pending_ == 0) done_.notify_one();
  }
}

void ThreadPool::record_error() {
  std::lock_guard lock(mutex_);
  if (!error_) error_ = std::current_exception();
}

}  // namespace paramixer
