#pragma once

#include <mutex>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/base/stopwatch.hpp"

namespace paramixer {

enum class Verbosity {
  kNormal,  ///< Progress and log lines.
  kQuiet,   ///< Errors and rejected records only.
};

/// Writes progress, log lines and rejected records to stderr. On a terminal the progress is one
/// line, redrawn in place; elsewhere a plain line every 30 seconds. Thread-safe.
class TerminalProgress {
 public:
  explicit TerminalProgress(Verbosity verbosity);
  ~TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  /// Callbacks into this object, which must outlive them.
  ServiceCallbacks callbacks();

  /// `paramixer: LINE`, unless quiet.
  void log(const std::string& line);

 private:
  void update(const Progress& progress);
  void reject(const RejectedRecord& rejected);
  void print_line(const std::string& line);
  void draw_bar(const std::string& text);
  void clear_bar();
  void start_phase(const Progress& progress);
  std::string describe(const Progress& progress) const;

  const Verbosity verbosity_;
  const bool terminal_;
  std::mutex mutex_;
  std::string phase_;
  std::int64_t phase_start_ = 0;  ///< What was done already when the phase began (a resumed run).
  Stopwatch phase_watch_;
  double last_shown_ = 0.0;
  bool bar_shown_ = false;
};

}  // namespace paramixer
