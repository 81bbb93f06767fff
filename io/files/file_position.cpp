#include "io/files/file_position.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace paramixer {

FilePosition::FilePosition(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  size_ = status.st_size;
  descriptor_ = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

FilePosition::~FilePosition() {
  if (descriptor_ >= 0) close(descriptor_);
}

FilePosition::FilePosition(FilePosition&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

FilePosition& FilePosition::operator=(FilePosition&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

std::optional<double> FilePosition::share_read() const noexcept {
  if (descriptor_ < 0 || size_ == 0) return std::nullopt;
  const auto position = static_cast<double>(lseek(descriptor_, 0, SEEK_CUR));
  return std::clamp(position / static_cast<double>(size_), 0.0, 1.0);
}

}  // namespace paramixer
