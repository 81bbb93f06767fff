#include "io/files/input_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/error.hpp"

namespace paramixer {

std::string display_name_of(const std::string& path) { return path == "-" ? "stdin" : path; }

HFilePtr open_input(const std::string& path) { return open_followed_input(path).file; }

FollowedInput open_followed_input(const std::string& path) {
  silence_htslib();
  const std::string name = display_name_of(path);
  const bool is_stdin = path == "-";
  const int descriptor =
      is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw Error({.file = name}, std::string("cannot open: ") + std::strerror(errno));
  }
  HFilePtr file(hdopen(descriptor, "r"));
  if (!file) {
    close(descriptor);
    throw Error({.file = name}, "cannot open: out of memory");
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0) {
    throw Error({.file = name}, std::string("cannot open: ") + std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw Error({.file = name}, "is a directory; name the files in it");
  }
  if (S_ISREG(status.st_mode) && status.st_size == 0) throw Error({.file = name}, "is empty");
  return {.file = std::move(file), .position = FilePosition(descriptor)};
}

}  // namespace paramixer
