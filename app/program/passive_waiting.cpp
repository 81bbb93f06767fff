// By default torch's threads spin while they wait for each other. That takes cores away from the
// mixing threads and, on a loaded machine, makes a command several times slower. The OpenMP library
// reads how to wait from the environment when it is loaded, before main, so the program restarts
// itself once with that setting. This happens before any library has initialised itself, while it
// is still cheap.

#include <cstddef>
#include <cstring>
#include <unistd.h>

namespace {

constexpr std::size_t kMostVariables = 4096;

void start_anew_without_spinning(int argc, char** argv, char** environment) {
  constexpr const char* kName = "OMP_WAIT_POLICY=";
  static char setting[] = "OMP_WAIT_POLICY=passive";
  if (argc == 2 && argv[1][0] == '-') return;  // --help, --version: nothing that computes.
  // An array, because there may be no memory, and no way to report that yet.
  static char* extended[kMostVariables + 2];
  std::size_t count = 0;
  for (char** entry = environment; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, kName, std::strlen(kName)) == 0 || count == kMostVariables) return;
    extended[count++] = *entry;
  }
  extended[count] = setting;
  execve("/proc/self/exe", argv, extended);
  // Returns only on failure; waiting then stays as it is.
}

[[gnu::section(".preinit_array"),
  gnu::used]] void (*const kBeforeLibraries)(int, char**, char**) = start_anew_without_spinning;

}  // namespace
