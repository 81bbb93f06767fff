#pragma once

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

/// All factors at once. `longest` is at most kOnChipPositions.
template <typename Real>
void launch_on_chip(const OnChipMix<Real>& mix, LinkOwner owner, std::int64_t longest,
                    const CudaStream& stream);

/// Longest sequence that launch_on_chip takes, if the device has the shared memory.
inline constexpr std::int64_t kOnChipPositions = 16384;

/// What a block of launch_on_chip holds.
struct OnChipShape {
  std::int64_t bytes_per_position;  ///< Its share of a position's channels; must divide them.
  std::int64_t shared_bytes;        ///< Shared memory it asks for.
};
template <typename Real>
OnChipShape on_chip_shape(std::int64_t longest, std::int64_t links, std::int64_t rows);

}  // namespace paramixer
