// Makes uncaught exceptions, thrown while a library initialises itself before main or in a
// library's thread, end the program with an error message instead of an abort. Running out of
// memory is the usual cause.

#include <cstring>

#include "app/services/base/failure_text.hpp"

namespace {

void report_from_the_start(int, char** argv, char**) {
  const char* name = argv[0] == nullptr ? "paramixer" : argv[0];
  const char* slash = std::strrchr(name, '/');
  paramixer::report_uncaught_exceptions(slash == nullptr ? name : slash + 1);
}

[[gnu::section(".preinit_array"),
  gnu::used]] void (*const kBeforeLibraries)(int, char**, char**) = report_from_the_start;

}  // namespace
