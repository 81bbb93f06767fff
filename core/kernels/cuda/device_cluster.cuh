#pragma once

#include <cooperative_groups.h>
#include <cstdint>

#include "core/kernels/cuda/channel_words.hpp"
#include "core/kernels/cuda/warp_mma.hpp"

namespace paramixer {

/// A thread block cluster that runs the phases of a kernel written for any `Cluster`: here every
/// thread calls the same function, as with DeviceBlock. Devices without clusters run nothing; the
/// kernel is not launched on them.
template <typename Thread>
class DeviceCluster {
 public:
  __device__ __forceinline__ explicit DeviceCluster(unsigned char* shared) : shared_(shared) {
#if __CUDA_ARCH__ >= 900
    rank_ = static_cast<std::int32_t>(cooperative_groups::this_cluster().block_rank());
#endif
  }

  __host__ __device__ __forceinline__ unsigned char* shared(std::int32_t) const { return shared_; }

  /// Number of this thread's cluster in the grid.
  __device__ __forceinline__ std::int64_t number() const {
#if __CUDA_ARCH__ >= 900
    return blockIdx.x / cooperative_groups::this_cluster().num_blocks();
#else
    return 0;
#endif
  }

  /// Done when all threads of the cluster are.
  template <typename Work>
  __host__ __device__ __forceinline__ void phase(Work&& work) {
    lanes(work);
#if __CUDA_ARCH__ >= 900
    cooperative_groups::this_cluster().sync();
#endif
  }

  /// Done when those of the warp are.
  template <typename Work>
  __host__ __device__ __forceinline__ void warp_phase(Work&& work) {
    lanes(work);
#if defined(__CUDA_ARCH__)
    __syncwarp();
#endif
  }

  template <typename Work>
  __host__ __device__ __forceinline__ void lanes([[maybe_unused]] Work&& work) {
#if __CUDA_ARCH__ >= 900
    work(rank_, static_cast<std::int32_t>(threadIdx.x), own_);
#endif
  }

  template <typename Work>
  __host__ __device__ __forceinline__ void multiply([[maybe_unused]] Work&& step_of) {
#if __CUDA_ARCH__ >= 900
    multiply_on_device(step_of(own_));
#endif
  }

  /// Where block `rank` has what this block has `bytes` behind `place`. Reading it costs no more
  /// when it is this block's own.
  __host__ __device__ __forceinline__ std::uint32_t at(
      std::int32_t, [[maybe_unused]] std::int32_t rank,
      [[maybe_unused]] const ChannelWords<4>* place, [[maybe_unused]] std::uint32_t bytes) const {
    std::uint32_t there = 0;
#if __CUDA_ARCH__ >= 900
    const auto here = static_cast<std::uint32_t>(__cvta_generic_to_shared(place)) + bytes;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(here), "r"(rank));
#endif
    return there;
  }

  /// Word number kIndex there. Volatile, or the compiler might take a read after a barrier for a
  /// repetition of one before.
  template <int kIndex>
  __host__ __device__ __forceinline__ ChannelWords<4> read(
      [[maybe_unused]] std::uint32_t there) const {
    ChannelWords<4> words{};
#if __CUDA_ARCH__ >= 900
    asm volatile("ld.shared::cluster.v4.b32 {%0, %1, %2, %3}, [%4 + %5];"
                 : "=r"(words.word[0]), "=r"(words.word[1]), "=r"(words.word[2]),
                   "=r"(words.word[3])
                 : "r"(there), "n"(kIndex * static_cast<int>(sizeof(ChannelWords<4>))));
#endif
    return words;
  }

 private:
  unsigned char* shared_;
  std::int32_t rank_ = 0;
  Thread own_;
};

}  // namespace paramixer
