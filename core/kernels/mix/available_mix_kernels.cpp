#include <vector>

#include "core/kernels/mix/mix_factor.hpp"
#include "core/kernels/simd/kernel_family.hpp"

namespace paramixer {

std::span<const MixKernels* const> available_mix_kernels() {
  static const std::vector<const MixKernels*> kAvailable = Family<MixKernels> {
#if defined(__x86_64__)
    .avx512 = avx512_mix_kernels, .avx2 = avx2_mix_kernels,
#endif
    .portable = portable_mix_kernels
  }
  .runnable();
  return kAvailable;
}

}  // namespace paramixer
