#include <vector>

#include "core/kernels/mix_factor.hpp"

namespace paramixer {

std::span<const MixKernels* const> available_mix_kernels() {
  static const std::vector<const MixKernels*> kAvailable = [] {
    std::vector<const MixKernels*> kernels;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
      kernels.push_back(&avx512_mix_kernels());
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      kernels.push_back(&avx2_mix_kernels());
    }
#endif
    kernels.push_back(&portable_mix_kernels());
    return kernels;
  }();
  return kAvailable;
}

}  // namespace paramixer
