#include "app/services/base/failure_text.hpp"

#include <atomic>
#include <cstdio>
#include <new>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/printable.hpp"

namespace paramixer {
namespace {

constexpr int kExitFailed = 1;
constexpr const char* kUnknown = "unknown failure; the program may have run out of memory";
constexpr const char* kOutOfMemory =
    "out of memory; choose smaller batches, shorter windows or fewer threads, or give the program "
    "more memory";

/// torch reports lack of memory in words only.
bool is_about_memory(std::string_view text) {
  for (const std::string_view words :
       {"DefaultCPUAllocator", "out of memory", "Cannot allocate memory", "bad_alloc"}) {
    if (text.find(words) != std::string_view::npos) return true;
  }
  return false;
}

bool is_out_of_memory(const std::exception& failure) {
  return dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
         is_about_memory(failure.what());
}

constinit std::atomic<const char*> reporting_program{"paramixer"};

void print_error(const char* text) {
  std::fprintf(stderr, "%s: error: %s\n", reporting_program.load(), text);
}

void print_current_exception() {
  try {
    if (std::current_exception()) throw;
    print_error(kUnknown);
  } catch (const std::exception& failure) {
    // Without memory, no string can be made either.
    if (is_out_of_memory(failure)) return print_error(kOutOfMemory);
    print_error(failure_text(failure).c_str());
  } catch (...) {
    print_error(kUnknown);
  }
}

[[noreturn]] void report_and_end() {
  static std::atomic_flag reporting;
  // Only the first thread that fails reports; it ends the others.
  while (reporting.test_and_set()) pause();
  try {
    print_current_exception();
  } catch (...) {
    print_error(kOutOfMemory);
  }
  // Other threads still run, so nothing can be torn down.
  _exit(kExitFailed);
}

}  // namespace

std::string failure_text(const std::exception& failure) {
  if (dynamic_cast<const Error*>(&failure) != nullptr) return failure.what();
  if (is_out_of_memory(failure)) return kOutOfMemory;
  const std::string_view what = failure.what();
  const auto* system = dynamic_cast<const std::system_error*>(&failure);
  if (system != nullptr && system->code() == std::errc::resource_unavailable_try_again) {
    return "out of memory, or of threads (ulimit -u): no more can be started; choose fewer "
           "threads, "
           "or give the program more memory";
  }
  return printable(what.substr(0, what.find('\n')));
}

void report_uncaught_exceptions(const char* program) {
  reporting_program = program;
  std::set_terminate(report_and_end);
}

}  // namespace paramixer
