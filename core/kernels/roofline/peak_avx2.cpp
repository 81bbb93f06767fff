#include <cstdint>

#include "core/kernels/roofline/roofline.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 8
#include "core/kernels/roofline/peak_loops.inl"

}  // namespace

const PeakKernel& avx2_peak_kernel() {
  static constexpr PeakKernel kKernel{"avx2", kLanes, multiply_add};
  return kKernel;
}

}  // namespace paramixer
