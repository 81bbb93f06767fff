#pragma once

#include "core/kernels/cuda/host_device.hpp"

namespace paramixer {

/// A float's upper half: the storage of values and links at half the memory traffic. Arithmetic is
/// done in float. The bits are those of torch's and CUDA's bfloat16.
struct Bfloat16 {
  std::uint16_t bits = 0;
};

PARAMIXER_HOST_DEVICE float to_float(float value) { return value; }
PARAMIXER_HOST_DEVICE float to_float(Bfloat16 value) {
  return float_of_bits(static_cast<std::uint32_t>(value.bits) << 16);
}

/// Two values rounded to nearest even, the first one in the lower half.
PARAMIXER_HOST_DEVICE std::uint32_t bfloat16_pair(float low, float high) {
#if defined(__CUDA_ARCH__)
  std::uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
#else
  const auto round = [](float value) -> std::uint32_t {
    const std::uint32_t bits = bits_of_float(value);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return 0x7fffU;  // NaN must not round to infinity.
    return (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
  };
  return round(low) | (round(high) << 16);
#endif
}

/// Conversion from float by the target's type.
template <typename Real>
PARAMIXER_HOST_DEVICE Real from_float(float value);
template <>
PARAMIXER_HOST_DEVICE float from_float<float>(float value) {
  return value;
}
template <>
PARAMIXER_HOST_DEVICE Bfloat16 from_float<Bfloat16>(float value) {
  return {static_cast<std::uint16_t>(bfloat16_pair(value, 0.0F))};
}

}  // namespace paramixer
