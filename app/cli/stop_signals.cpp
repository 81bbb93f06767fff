#include "app/cli/stop_signals.hpp"

#include <cstdio>
#include <pthread.h>
#include <signal.h>

namespace paramixer {
namespace {

// Ends the waiting thread when the work is done.
constexpr int kEndWaiting = SIGUSR1;

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, kEndWaiting);
  return signals;
}

void die_of(int signal_number) {
  signal(signal_number, SIG_DFL);
  sigset_t signals = watched_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  raise(signal_number);
}

}  // namespace

StopSignals::StopSignals() {
  sigset_t signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiting_ = std::thread([this] { wait_for_signals(); });
}

StopSignals::~StopSignals() {
  pthread_kill(waiting_.native_handle(), kEndWaiting);
  waiting_.join();
}

void StopSignals::wait_for_signals() {
  const sigset_t signals = watched_signals();
  int received = 0;
  while (sigwait(&signals, &received) == 0 && received != kEndWaiting) {
    if (stop_.stop_requested()) die_of(received);
    std::fputs("\nparamixer: stopping; interrupt again to stop at once\n", stderr);
    stop_.request_stop();
  }
}

}  // namespace paramixer
