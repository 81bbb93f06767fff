#include <cstdint>

#include "core/kernels/roofline/roofline.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 4
#include "core/kernels/roofline/peak_loops.inl"

}  // namespace

const PeakKernel& portable_peak_kernel() {
  static constexpr PeakKernel kKernel{"portable", kLanes, multiply_add};
  return kKernel;
}

}  // namespace paramixer
