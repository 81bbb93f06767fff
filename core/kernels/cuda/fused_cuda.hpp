#pragma once

#include "core/kernels/cuda/fused_block.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {

/// Mixing whose links follow from one row a position and never lie in memory: the links of factor m
/// are networks[m](rows). Device pointers, host lists.
template <typename Real>
struct CudaFusedProblem {
  CudaMixProblem<Real> mix;                       ///< With `weights` left empty.
  std::span<const LinkNetwork<Real>> networks{};  ///< [M]
  const Real* rows = nullptr;                     ///< [T, I]
  std::int64_t inputs = 0;                        ///< I
  std::int64_t hidden = 0;                        ///< H
};

/// Whether the fused kernels take this problem on `device`: at most 32 links, and a network that
/// fits in shared memory. Otherwise links are computed outside and mixed as dense ones.
template <typename Real>
bool fused_mix_fits(const CudaFusedProblem<Real>& problem, int device);

/// Forward pass; buffers and scratch as mix_forward_cuda() with kPerFactor.
template <typename Real>
void fused_forward_cuda(const CudaFusedProblem<Real>& problem, const MixForward<Real>& buffers,
                        const CudaMixScratch<Real>& scratch, const CudaStream& stream);

/// Links of factor m as the forward pass used them, [T, L], for the backward pass.
template <typename Real>
void fused_links_cuda(const CudaFusedProblem<Real>& problem, std::int64_t m, Real* links,
                      const CudaStream& stream);

}  // namespace paramixer
