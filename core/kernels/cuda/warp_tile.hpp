#pragma once

#include "core/kernels/cuda/channel_words.hpp"

namespace paramixer {

/// A warp's share of small matrix products. A tile of results is 16 x 8; lane (4 g + t) owns
/// elements (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1), as the tensor cores lay them out.
struct TileLane {
  PARAMIXER_HOST_DEVICE explicit TileLane(std::int32_t thread)
      : row(thread % 32 / 4), column(thread % 4 * 2) {}

  std::int32_t row;     ///< g; the other one is row + 8.
  std::int32_t column;  ///< 2t; the other one is column + 1.
};

/// One matrix operand in shared memory, row-major. Rows start at multiples of 16 bytes.
template <typename Real>
struct TileOperand {
  const Real* first;
  std::int32_t stride;

  PARAMIXER_HOST_DEVICE const Real* at(std::int32_t row, std::int32_t column) const {
    return first + row * stride + column;
  }
};

/// sum += a b^T for a [16, 16] and b [8, 16], the lane's four elements, by plain arithmetic.
template <typename Real>
PARAMIXER_HOST_DEVICE void multiply_tile_plain(TileLane lane, TileOperand<Real> a,
                                               TileOperand<Real> b, float (&sum)[4]) {
  constexpr int kStep = kWideChannels<Real>;
  PARAMIXER_UNROLL
  for (int n = 0; n < 16; n += kStep) {
    float low[kStep];
    float high[kStep];
    float left[kStep];
    float right[kStep];
    load_channels(a.at(lane.row, n), low);
    load_channels(a.at(lane.row + 8, n), high);
    load_channels(b.at(lane.column, n), left);
    load_channels(b.at(lane.column + 1, n), right);
    PARAMIXER_UNROLL
    for (int c = 0; c < kStep; ++c) {
      sum[0] += low[c] * left[c];
      sum[1] += low[c] * right[c];
      sum[2] += high[c] * left[c];
      sum[3] += high[c] * right[c];
    }
  }
}

PARAMIXER_HOST_DEVICE void multiply_tile(TileLane lane, TileOperand<float> a, TileOperand<float> b,
                                         float (&sum)[4]) {
  multiply_tile_plain(lane, a, b, sum);
}

/// With bfloat16 operands the whole warp must call this together: it is one tensor-core
/// instruction.
PARAMIXER_HOST_DEVICE void multiply_tile(TileLane lane, TileOperand<Bfloat16> a,
                                         TileOperand<Bfloat16> b, float (&sum)[4]) {
#if defined(__CUDA_ARCH__)
  const auto pair = [](const Bfloat16* source) {
    return *reinterpret_cast<const std::uint32_t*>(source);
  };
  const std::uint32_t a0 = pair(a.at(lane.row, lane.column));
  const std::uint32_t a1 = pair(a.at(lane.row + 8, lane.column));
  const std::uint32_t a2 = pair(a.at(lane.row, lane.column + 8));
  const std::uint32_t a3 = pair(a.at(lane.row + 8, lane.column + 8));
  const std::uint32_t b0 = pair(b.at(lane.row, lane.column));
  const std::uint32_t b1 = pair(b.at(lane.row, lane.column + 8));
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
#else
  multiply_tile_plain(lane, a, b, sum);
#endif
}

}  // namespace paramixer
