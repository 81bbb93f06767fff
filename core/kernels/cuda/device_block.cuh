#pragma once

#include <cstdint>

#include "core/kernels/cuda/host_device.hpp"

namespace paramixer {

/// A thread block that runs the phases of a kernel written for any `Block`: here every thread of
/// the block calls the same function and each phase ends at a barrier. The tests have another one,
/// which runs the threads of a phase one after the other on the host.
template <typename Thread>
class DeviceBlock {
 public:
  __host__ __device__ __forceinline__ explicit DeviceBlock(unsigned char* shared)
      : shared_(shared) {}

  __host__ __device__ __forceinline__ unsigned char* shared() const { return shared_; }

  /// Runs `work` on every thread of the block; done when all threads are.
  template <typename Work>
  __host__ __device__ __forceinline__ void phase(Work&& work) {
#if defined(__CUDA_ARCH__)
    work(static_cast<std::int32_t>(threadIdx.x), own_);
    __syncthreads();
#endif
  }

  /// The same where only threads of one warp depend on each other.
  template <typename Work>
  __host__ __device__ __forceinline__ void warp_phase(Work&& work) {
#if defined(__CUDA_ARCH__)
    work(static_cast<std::int32_t>(threadIdx.x), own_);
    __syncwarp();
#endif
  }

 private:
  unsigned char* shared_;
  Thread own_;
};

}  // namespace paramixer
