#pragma once

#include <string>

#include "core/kernels/cuda/bfloat16.hpp"
#include "core/kernels/mix/mix.hpp"

namespace paramixer {

/// The stream for device work. Calls return as soon as the work is queued.
struct CudaStream {
  int device = 0;
  void* stream = nullptr;  ///< A cudaStream_t; null is the default stream.
};

/// MixProblem with its arrays in device memory. `weights` is a host list of device pointers.
template <typename Real>
struct CudaMixProblem {
  Boundary boundary = Boundary::kRing;
  const std::int64_t* starts = nullptr;   ///< [B + 1]
  const std::int64_t* offsets = nullptr;  ///< [M, L], LinkPattern::offsets().
  std::int64_t sequences = 0;             ///< B
  std::int64_t positions = 0;             ///< T
  std::int64_t longest = 0;               ///< Positions of the longest sequence.
  std::int64_t channels = 0;              ///< E
  std::int64_t links = 0;                 ///< L
  MixLinks<Real> weights{};
  /// Device array [T], or null. With it, MixForward::input is [rows, E] and position t begins as
  /// its row input_row[t]; for passes without states.
  const std::int32_t* input_row = nullptr;

  std::int64_t factors() const noexcept {
    return static_cast<std::int64_t>(weights.weights.size());
  }
  std::int64_t values() const noexcept { return positions * channels; }
};

/// Which kernels carry a batch through its factors.
enum class CudaMixPath {
  kPerFactor,  ///< One kernel per factor; sequences of any length.
  kOnChip,     ///< A sequence stays in shared memory through all factors; up to 16,384 positions.
};

/// Scratch buffers on the device; their contents afterwards are unspecified.
template <typename Real>
struct CudaMixScratch {
  /// Forward: [T, E] for kPerFactor without states. Backward: [T, E] for kPerFactor,
  /// [M - 1, T, E] for kOnChip. Not needed with one factor or none.
  Real* values = nullptr;
  /// Backward of folded links: cuda_table_scratch() floats.
  float* table = nullptr;
};

/// Positions sorted by their row, which the backward pass of folded links needs: device arrays.
struct CudaRowOrder {
  const std::int64_t* position = nullptr;   ///< [T]
  const std::int64_t* row_begin = nullptr;  ///< [rows + 1]
};

/// For `info`: the CUDA version these kernels were built with and the compute capabilities they
/// were compiled for, as in "CUDA 13.0, compute capability 8.0 9.0".
std::string cuda_kernels_built_for();

/// Whether these kernels were compiled for `device`.
bool cuda_kernels_run_on(int device);

/// Whether kOnChip supports `problem` on `device`: folded links, sequences and a table that its
/// shared memory holds, and channels that fill the kernel's groups. Throws Error when the device
/// cannot be queried.
template <typename Real>
bool cuda_mix_fits_on_chip(const CudaMixProblem<Real>& problem, int device);

/// The faster path on `device` for `problem`: on the chip where every sequence fits and the blocks
/// fill the device. Throws Error when the device cannot be queried.
template <typename Real>
CudaMixPath choose_cuda_mix_path(const CudaMixProblem<Real>& problem, int device);

/// Floats of CudaMixScratch::table for a backward pass; 0 for dense links.
template <typename Real>
std::int64_t cuda_table_scratch(const CudaMixProblem<Real>& problem);

/// out [T, E]: position t gets row row_of[t] of per_row [R, E]. Device arrays.
template <typename Real>
struct CudaRowCopy {
  const Real* per_row = nullptr;
  const std::int32_t* row_of = nullptr;
  std::int64_t positions = 0;  ///< T
  std::int64_t channels = 0;   ///< E
  Real* out = nullptr;
};
template <typename Real>
void copy_rows_cuda(const CudaRowCopy<Real>& copy, const CudaStream& stream);

/// The mixing operation (core/kernels/mix/mix.hpp) on a CUDA device, with float accumulation.
/// Instantiated for float and Bfloat16. Same inputs, same bits. Pointers of `buffers` are device
/// memory. Throws Error when a kernel cannot be launched or a sequence is too long: 2^30 positions,
/// with kOnChip those that shared memory holds.
template <typename Real>
void mix_forward_cuda(const CudaMixProblem<Real>& problem, const MixForward<Real>& buffers,
                      const CudaMixScratch<Real>& scratch, CudaMixPath path,
                      const CudaStream& stream);

/// `order` is needed for folded links only.
template <typename Real>
void mix_backward_cuda(const CudaMixProblem<Real>& problem, const MixBackward<Real>& buffers,
                       const CudaRowOrder& order, const CudaMixScratch<Real>& scratch,
                       CudaMixPath path, const CudaStream& stream);

}  // namespace paramixer
