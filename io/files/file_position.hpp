#pragma once

#include <cstdint>
#include <optional>

namespace paramixer {

/// Tells how far an open file has been read, by whatever reads it: a second descriptor of the same
/// open file shares its position. Thread-safe.
class FilePosition {
 public:
  /// Follows nothing.
  FilePosition() = default;
  /// `descriptor` stays with the caller. Anything but a regular file cannot be followed.
  explicit FilePosition(int descriptor);
  ~FilePosition();
  FilePosition(FilePosition&& other) noexcept;
  FilePosition& operator=(FilePosition&& other) noexcept;

  /// Share of the file's bytes that has been read, 0 to 1; empty when it cannot be followed.
  std::optional<double> share_read() const noexcept;

 private:
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

}  // namespace paramixer
