#pragma once

#include "core/kernels/cuda/fused_block.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {

/// Mixing with links computed from one row per position and never stored: the links of factor m are
/// networks[m](rows). Device pointers, host lists.
template <typename Real>
struct CudaFusedProblem {
  CudaMixProblem<Real> mix;                          ///< With `weights` left empty.
  std::span<const LinkMlpWeights<Real>> networks{};  ///< [M]
  const Real* rows = nullptr;                        ///< [T, I]
  std::int64_t inputs = 0;                           ///< I
  std::int64_t hidden = 0;                           ///< H
};

/// Sizes that determine whether the fused kernels support a problem.
struct FusedShape {
  std::int64_t inputs = 0;   ///< I
  std::int64_t hidden = 0;   ///< H
  std::int64_t links = 0;    ///< L
  std::int64_t longest = 0;  ///< Positions of the longest sequence.
};

/// Whether they support it on `device`: at most 32 links, and a network that fits in shared memory.
/// Otherwise links are computed outside and mixed as dense ones.
template <typename Real>
bool fused_mix_fits(const FusedShape& shape, int device);

/// The faster path on `device`: kOnChip where a thread block cluster holds every sequence in its
/// shared memory (bfloat16, 32 or 64 channels, compute capability 9.0 or newer) and the blocks fill
/// the device. Throws Error when the device cannot be queried.
template <typename Real>
CudaMixPath choose_fused_path(const CudaFusedProblem<Real>& problem, int device);

/// Whether kOnChip can carry `problem` on `device` at all.
template <typename Real>
bool fused_fits_on_chip(const CudaFusedProblem<Real>& problem, int device);

/// Forward pass; buffers and scratch as mix_forward_cuda(). On the chip links are rounded to Real.
template <typename Real>
void fused_forward_cuda(const CudaFusedProblem<Real>& problem, const MixForward<Real>& buffers,
                        const CudaMixScratch<Real>& scratch, CudaMixPath path,
                        const CudaStream& stream);

/// Links of factor m, [T, L], for the backward pass.
template <typename Real>
void fused_links_cuda(const CudaFusedProblem<Real>& problem, std::int64_t m, Real* links,
                      const CudaStream& stream);

}  // namespace paramixer
