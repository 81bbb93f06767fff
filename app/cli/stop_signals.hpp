#pragma once

#include <stop_token>
#include <thread>

namespace paramixer {

/// Turns the first SIGINT or SIGTERM into a stop request, so that the work ends cleanly, and lets
/// the second one end the process as usual. Create it before any other thread starts: the signals
/// are blocked in all threads, and a separate thread waits for them.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void wait_for_signals();

  std::stop_source stop_;
  std::thread waiting_;
};

}  // namespace paramixer
