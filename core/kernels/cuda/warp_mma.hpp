#pragma once

#include "core/kernels/cuda/host_device.hpp"

namespace paramixer {

/// A lane's part of one tensor-core product of a warp, d [16, 8] += a [16, 16] b [8, 16]^T, with
/// bfloat16 operands and float sums. Lane 4 g + t holds pairs of neighbouring columns:
/// a: rows g and g + 8 of columns 2t, 2t + 1, then the same rows of columns 2t + 8, 2t + 9;
/// b: row g, columns 2t, 2t + 1 and 2t + 8, 2t + 9; d: rows g and g + 8, columns 2t, 2t + 1.
struct MmaStep {
  std::uint32_t a[4];
  std::uint32_t b[2];
  float (&sum)[4];
};

#if defined(__CUDACC__)
/// The whole warp must call this together.
__device__ __forceinline__ void multiply_on_device(const MmaStep& step) {
#if defined(__CUDA_ARCH__)
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(step.sum[0]), "+f"(step.sum[1]), "+f"(step.sum[2]), "+f"(step.sum[3])
      : "r"(step.a[0]), "r"(step.a[1]), "r"(step.a[2]), "r"(step.a[3]), "r"(step.b[0]),
        "r"(step.b[1]));
#endif
}
#endif

}  // namespace paramixer
