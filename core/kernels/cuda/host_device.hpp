#pragma once

#include <cstdint>
#include <cstring>

/// Marks code shared by the CUDA kernels and their host-side checks: the arithmetic of one thread.
/// A host compiler sees plain inline functions.
#if defined(__CUDACC__)
#define PARAMIXER_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define PARAMIXER_HOST_DEVICE inline
#endif

/// Unrolls the loop that follows on the device, where an array indexed by its counter must stay in
/// registers.
#if defined(__CUDA_ARCH__)
#define PARAMIXER_UNROLL _Pragma("unroll")
#define PARAMIXER_UNROLL_TWICE _Pragma("unroll 2")
#define PARAMIXER_NO_UNROLL _Pragma("unroll 1")
#else
#define PARAMIXER_UNROLL
#define PARAMIXER_UNROLL_TWICE
#define PARAMIXER_NO_UNROLL
#endif

namespace paramixer {

PARAMIXER_HOST_DEVICE float float_of_bits(std::uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __uint_as_float(bits);
#else
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
#endif
}

/// Returns `value`, hidden from the optimiser, so that the compiler does not hoist dependent
/// computations out of a loop, where the results would fill the registers.
PARAMIXER_HOST_DEVICE std::int32_t opaque(std::int32_t value) {
#if defined(__CUDA_ARCH__)
  asm volatile("" : "+r"(value));
#endif
  return value;
}

PARAMIXER_HOST_DEVICE std::uint32_t bits_of_float(float value) {
#if defined(__CUDA_ARCH__)
  return __float_as_uint(value);
#else
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
#endif
}

}  // namespace paramixer
