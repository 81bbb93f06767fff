// If a program is started without stdin, stdout or stderr, the first files it opens get their
// numbers, and messages or data end up in them. The numbers are therefore taken before any library
// opens a file. Reading from a closed stdin and writing to a closed stdout fail as they would have;
// messages to a closed stderr are dropped.

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace {

void take_if_closed(int descriptor, int mode) {
  // The lowest free number is the one that open() gives.
  if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) open("/dev/null", mode);
}

void take_standard_descriptors(int, char**, char**) {
  take_if_closed(STDIN_FILENO, O_WRONLY);
  take_if_closed(STDOUT_FILENO, O_RDONLY);
  take_if_closed(STDERR_FILENO, O_WRONLY);
}

[[gnu::section(".preinit_array"),
  gnu::used]] void (*const kBeforeLibraries)(int, char**, char**) = take_standard_descriptors;

}  // namespace
