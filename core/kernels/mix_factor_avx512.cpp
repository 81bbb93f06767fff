#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>
#include <immintrin.h>

#include "core/kernels/mix_factor.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 16
#include "core/kernels/mix_factor_loops.inl"

}  // namespace

const MixKernels& avx512_mix_kernels() {
  static constexpr MixKernels kKernels{"avx512", forward, backward_values, backward_weights};
  return kKernels;
}

}  // namespace paramixer
