#include <vector>

#include "core/kernels/link_mlp_tile.hpp"
#include "core/kernels/mix_factor.hpp"
#include "core/kernels/roofline.hpp"

namespace paramixer {
namespace {

/// One kernel family compiled for every instruction set.
template <typename Kernels>
struct Family {
  using Getter = const Kernels& (*)();
  Getter avx512 = nullptr;
  Getter avx2 = nullptr;
  Getter portable = nullptr;

  std::vector<const Kernels*> runnable() const {
    std::vector<const Kernels*> kernels;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
      kernels.push_back(&avx512());
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      kernels.push_back(&avx2());
    }
#endif
    kernels.push_back(&portable());
    return kernels;
  }
};

}  // namespace

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
