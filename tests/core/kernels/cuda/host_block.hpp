#pragma once

#include <cstdint>
#include <vector>

namespace paramixer {

/// A thread block on the host: what core/kernels/cuda/device_block.cuh is on the device, with the
/// threads of a phase run one after the other. Shows wrong arithmetic and a missing phase that
/// reads what a later thread writes; it cannot show a data race inside a phase. Running the threads
/// backwards as well shows most of those.
template <typename Thread>
class HostBlock {
 public:
  HostBlock(std::int32_t threads, std::int64_t shared_bytes, bool backwards)
      : threads_(static_cast<std::size_t>(threads)),
        shared_(static_cast<std::size_t>(shared_bytes) / sizeof(Line) + 1),
        backwards_(backwards) {
    // All bits set are NaN in float and bfloat16: reading what nobody wrote shows.
    for (Line& line : shared_) {
      for (unsigned char& byte : line.bytes) byte = 0xff;
    }
  }

  unsigned char* shared() { return shared_.front().bytes; }
  const unsigned char* shared() const { return shared_.front().bytes; }

  /// Calls visit(own) for thread 0, 1, ...
  template <typename Visit>
  void threads_in_order(Visit&& visit) {
    for (Thread& own : threads_) visit(own);
  }

  template <typename Work>
  void phase(Work&& work) {
    const auto count = static_cast<std::int32_t>(threads_.size());
    for (std::int32_t n = 0; n < count; ++n) {
      const std::int32_t thread = backwards_ ? count - 1 - n : n;
      work(thread, threads_[static_cast<std::size_t>(thread)]);
    }
  }

  template <typename Work>
  void warp_phase(Work&& work) {
    phase(work);
  }

 private:
  struct alignas(16) Line {
    unsigned char bytes[16];
  };
  std::vector<Thread> threads_;
  std::vector<Line> shared_;
  bool backwards_;
};

}  // namespace paramixer
