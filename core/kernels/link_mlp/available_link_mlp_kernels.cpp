#include <vector>

#include "core/kernels/link_mlp/link_mlp_tile.hpp"
#include "core/kernels/simd/kernel_family.hpp"

namespace paramixer {

std::span<const LinkMlpKernels* const> available_link_mlp_kernels() {
  static const std::vector<const LinkMlpKernels*> kAvailable = Family<LinkMlpKernels> {
#if defined(__x86_64__)
    .avx512 = avx512_link_mlp_kernels, .avx2 = avx2_link_mlp_kernels,
#endif
    .portable = portable_link_mlp_kernels
  }
  .runnable();
  return kAvailable;
}

}  // namespace paramixer
