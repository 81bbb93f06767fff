#pragma once

#include <cmath>

#include "core/kernels/cuda/bfloat16.hpp"

namespace paramixer {

/// x Phi(x), exact (erf) form.
PARAMIXER_HOST_DEVICE float gelu(float x) {
#if defined(__CUDA_ARCH__)
  return 0.5F * x * (1.0F + erff(x * 0.70710678118654752F));
#else
  return 0.5F * x * (1.0F + std::erf(x * 0.70710678118654752F));
#endif
}

/// 2 x Phi(x) for a result that is stored as bfloat16: within 6e-4 everywhere, and 1.4e-3 with the
/// device's approximate tanh, where bfloat16 rounds by up to 4e-3 of the result. A third of the
/// instructions; the two numbers minimise the largest error.
PARAMIXER_HOST_DEVICE float twice_gelu(float x) {
  const float argument = x * (0.800157108F + 0.0347009114F * x * x);
#if defined(__CUDA_ARCH__)
  float t;
  asm("tanh.approx.f32 %0, %1;" : "=f"(t) : "f"(argument));
#else
  const float t = std::tanh(argument);
#endif
  return x + x * t;
}

/// The activation for a hidden unit stored as Real.
template <typename Real>
PARAMIXER_HOST_DEVICE Real activation(float sum);
template <>
PARAMIXER_HOST_DEVICE float activation<float>(float sum) {
  return gelu(sum);
}
template <>
PARAMIXER_HOST_DEVICE Bfloat16 activation<Bfloat16>(float sum) {
  return from_float<Bfloat16>(0.5F * twice_gelu(sum));
}

}  // namespace paramixer
