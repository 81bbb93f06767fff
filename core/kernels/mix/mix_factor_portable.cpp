#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/kernels/mix/mix_factor.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 4
#include "core/kernels/mix/mix_factor_loops.inl"
#include "core/kernels/mix/packed_mix_loops.inl"

}  // namespace

const MixKernels& portable_mix_kernels() {
  static constexpr MixKernels kKernels{
      "portable", forward, backward_values, backward_weights, pack, forward_packed, unpack};
  return kKernels;
}

}  // namespace paramixer
