#include "app/cli/terminal_progress.hpp"

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/quantities.hpp"
#include "core/base/printable.hpp"

namespace paramixer {
namespace {

constexpr double kBarSeconds = 0.1;
constexpr double kLineSeconds = 30.0;
constexpr int kBarWidth = 24;

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string bar(double share) {
  const int filled = std::clamp(static_cast<int>(share * kBarWidth), 0, kBarWidth);
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(kBarWidth - filled), '.') + "] " +
         std::to_string(std::clamp(static_cast<int>(share * 100.0), 0, 100)) + " %";
}

double share_done(const Progress& progress) {
  return static_cast<double>(progress.done) /
         static_cast<double>(std::max<std::int64_t>(1, *progress.total));
}

}  // namespace

TerminalProgress::TerminalProgress(Verbosity verbosity)
    : verbosity_(verbosity), terminal_(isatty(STDERR_FILENO) == 1) {}

TerminalProgress::~TerminalProgress() { clear_bar(); }

ServiceCallbacks TerminalProgress::callbacks() {
  return {.progress = [this](const Progress& progress) { update(progress); },
          .log = [this](const std::string& line) { log(line); },
          .rejected = [this](const RejectedRecord& rejected) { reject(rejected); }};
}

void TerminalProgress::log(const std::string& line) {
  if (verbosity_ == Verbosity::kQuiet) return;
  const std::lock_guard lock(mutex_);
  print_line("paramixer: " + line);
}

void TerminalProgress::reject(const RejectedRecord& rejected) {
  const std::lock_guard lock(mutex_);
  print_line("paramixer: rejected: " + rejected.file + ": record '" + rejected.record +
             "': " + rejected.reason);
}

void TerminalProgress::update(const Progress& progress) {
  if (verbosity_ == Verbosity::kQuiet) return;
  const std::lock_guard lock(mutex_);
  if (progress.phase != phase_) start_phase(progress);
  const double now = phase_watch_.seconds();
  if (now - last_shown_ < (terminal_ ? kBarSeconds : kLineSeconds)) return;
  last_shown_ = now;
  if (terminal_) {
    draw_bar(progress.phase + " " + (progress.total ? bar(share_done(progress)) + "  " : "") +
             describe(progress));
  } else {
    print_line("paramixer: " + progress.phase + ": " + describe(progress));
  }
}

void TerminalProgress::start_phase(const Progress& progress) {
  clear_bar();
  phase_ = progress.phase;
  phase_start_ = progress.done;
  phase_watch_ = Stopwatch();
  last_shown_ = 0.0;
}

std::string TerminalProgress::describe(const Progress& progress) const {
  const double seconds = std::max(phase_watch_.seconds(), 1e-3);
  std::string text = grouped_digits(progress.done) + " " + progress.unit;
  if (progress.bases > 0) {
    text += "  " + base_rate_text(static_cast<double>(progress.bases) / seconds);
  }
  const std::int64_t done = progress.done - phase_start_;
  if (progress.total && done > 0) {
    const auto left = static_cast<double>(*progress.total - progress.done);
    text += "  " + duration_text(seconds * left / static_cast<double>(done)) + " left";
  } else {
    text += "  " + duration_text(seconds);
  }
  return progress.note.empty() ? text : text + "  " + progress.note;
}

void TerminalProgress::print_line(const std::string& line) {
  clear_bar();
  std::fprintf(stderr, "%s\n", printable(line).c_str());
}

void TerminalProgress::draw_bar(const std::string& text) {
  // One column stays free: a full last column would wrap on some terminals.
  std::fprintf(stderr, "\r\033[K%s", printable(text).substr(0, terminal_columns() - 1).c_str());
  std::fflush(stderr);
  bar_shown_ = true;
}

void TerminalProgress::clear_bar() {
  if (!bar_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  bar_shown_ = false;
}

}  // namespace paramixer
