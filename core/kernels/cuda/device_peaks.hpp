#pragma once

#include <string>

namespace paramixer {

/// Peak rates of a CUDA device, in 10^9 per second: the published rates per clock of its compute
/// capability, times its multiprocessors and highest clock. Zero if a rate is unknown.
struct CudaPeaks {
  std::string name;
  double flops = 0.0;         ///< float32 operations, by multiply-adds.
  double tensor_flops = 0.0;  ///< The same for tensor cores, bfloat16 with float32 sums.
  double bytes = 0.0;         ///< Device memory.
  double shared_bytes = 0.0;  ///< Shared memory of all multiprocessors.
  double functions = 0.0;     ///< Exponentials, hyperbolic tangents and the like.
};

/// Throws Error when the device cannot be queried.
CudaPeaks cuda_peaks(int device);

}  // namespace paramixer
