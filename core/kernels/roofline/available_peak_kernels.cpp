#include <vector>

#include "core/kernels/roofline/roofline.hpp"
#include "core/kernels/simd/kernel_family.hpp"

namespace paramixer {

std::span<const PeakKernel* const> available_peak_kernels() {
  static const std::vector<const PeakKernel*> kAvailable = Family<PeakKernel> {
#if defined(__x86_64__)
    .avx512 = avx512_peak_kernel, .avx2 = avx2_peak_kernel,
#endif
    .portable = portable_peak_kernel
  }
  .runnable();
  return kAvailable;
}

}  // namespace paramixer
