#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace paramixer {

/// A fixed team of threads for short parallel sections. The caller is member 0, so a pool of one
/// thread starts none. The caller assigns shares to members, so results can be made independent of
/// timing. run() must not be called from two threads at once or from inside a section.
class ThreadPool {
 public:
  /// `threads` >= 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept { return static_cast<int>(workers_.size()) + 1; }

  /// Calls work(member) once for every member and returns when all are done. Rethrows the first
  /// exception.
  void run(const std::function<void(int)>& work);

 private:
  void serve(int member);
  void record_error();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(int)>* work_ = nullptr;
  std::uint64_t section_ = 0;
  int pending_ = 0;
  bool stopping_ = false;
  std::exception_ptr error_;
  std::vector<std::thread> workers_;
};

}  // namespace paramixer
