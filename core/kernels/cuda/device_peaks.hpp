#pragma once

#include <string>

namespace paramixer {

/// What a CUDA device can do at most, in 10^9 a second: its compute capability's published rates a
/// clock, times its processors and highest clock. Zero where a rate is not known.
struct CudaPeaks {
  std::string name;
  double flops = 0.0;         ///< float32 operations, by multiply-adds.
  double tensor_flops = 0.0;  ///< The same of the tensor cores, bfloat16 with float32 sums.
  double bytes = 0.0;         ///< Of device memory.
  double shared_bytes = 0.0;  ///< Of all processors' shared memory.
  double functions = 0.0;     ///< Exponentials, hyperbolic tangents and the like.
};

/// Throws Error when the device cannot be asked.
CudaPeaks cuda_peaks(int device);

}  // namespace paramixer
