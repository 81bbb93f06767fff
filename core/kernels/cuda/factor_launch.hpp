#pragma once

#include <optional>

#include "core/kernels/cuda/mix_cuda.hpp"
#include "core/kernels/cuda/on_chip_block.hpp"
#include "core/kernels/cuda/table_gradient.hpp"

namespace paramixer {

// The kernels, each queued on a stream of the current device. Instantiated for float and Bfloat16.

/// One of the kernels, to ask the CUDA runtime about.
const void* any_cuda_kernel();

/// out [T, E]: the factor applied to factor.values, or with kNeighbour its transpose.
template <typename Real>
void launch_gather(const CudaFactor<Real>& factor, LinkOwner owner, Real* out,
                   const CudaStream& stream);

/// grad [T, L] of dense links; `factor.values` is the gradient of the factor's output.
template <typename Real>
void launch_dense_gradient(const CudaFactor<Real>& factor, const Real* inputs, Real* grad,
                           const CudaStream& stream);

/// grad [rows, L] of a folded table.
template <typename Real>
void launch_table_gradient(const TableGradientBlock<Real>& block, Real* grad,
                           const CudaStream& stream);

/// What the on-chip kernel is to take.
struct OnChipSizes {
  std::int64_t longest;       ///< Positions of the longest sequence.
  std::int64_t links;         ///< L
  std::int64_t rows;          ///< Rows of the folded table.
  std::int64_t channels;      ///< E
  std::int64_t shared_bytes;  ///< Shared memory that a block may have.
};

/// How a block shares the channels.
struct OnChipShape {
  std::int64_t bytes_per_position;  ///< Its share of a position's channels.
};

/// The faster shape that takes them, if any does: sequences up to 16,384 positions at most.
template <typename Real>
std::optional<OnChipShape> on_chip_shape(const OnChipSizes& sizes);

/// All factors at once, for a batch whose sizes have the shape.
template <typename Real>
void launch_on_chip(const OnChipMix<Real>& mix, LinkOwner owner, std::int64_t longest,
                    const OnChipShape& shape, const CudaStream& stream);

}  // namespace paramixer
