#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace paramixer {

/// Scratch memory that is allocated once and kept: the first touch of a fresh page costs more than
/// the arithmetic done on it. Grows on demand, never shrinks. Aligned to 64 bytes, on huge pages
/// where the system offers them. Not thread-safe; one per thread.
class Workspace {
 public:
  /// At least `count` floats, contents unspecified; valid until the next call.
  float* floats(std::int64_t count);
  std::int64_t capacity_bytes() const noexcept { return static_cast<std::int64_t>(capacity_); }

 private:
  struct Free {
    void operator()(void* memory) const noexcept;
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t capacity_ = 0;
};

}  // namespace paramixer
