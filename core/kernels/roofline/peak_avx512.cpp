#include <cstdint>

#include "core/kernels/roofline/roofline.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 16
#include "core/kernels/roofline/peak_loops.inl"

}  // namespace

const PeakKernel& avx512_peak_kernel() {
  static constexpr PeakKernel kKernel{"avx512", kLanes, multiply_add};
  return kKernel;
}

}  // namespace paramixer
