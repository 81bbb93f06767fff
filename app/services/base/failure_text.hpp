#pragma once

#include <exception>
#include <string>

namespace paramixer {

/// What to tell a user about an exception that ends a program, in one line. Memory that ran out is
/// named as such in all its forms: std::bad_alloc, what torch throws instead, and a thread that
/// could not be started.
std::string failure_text(const std::exception& failure);

/// Makes an exception that nobody catches end the program with `PROGRAM: error: ...` on stderr and
/// exit code 1 instead of an abort. `program` must outlive the process. Can be called before the
/// libraries have initialised themselves.
void report_uncaught_exceptions(const char* program);

}  // namespace paramixer
