#pragma once

#include <exception>
#include <string>

namespace paramixer {

/// A one-line message for an exception that ends a program. All forms of running out of memory are
/// named as such: std::bad_alloc, what torch throws instead, and a thread that could not be
/// started.
std::string failure_text(const std::exception& failure);

/// Makes an uncaught exception end the program with `PROGRAM: error: ...` on stderr and exit code 1
/// instead of an abort. `program` must outlive the process. Can be called before the libraries have
/// initialised themselves.
void report_uncaught_exceptions(const char* program);

}  // namespace paramixer
