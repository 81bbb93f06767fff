#pragma once

#include <string>

#include "models/bench/bench_work.hpp"

namespace paramixer {

/// The least time a device needs for one run of a work, when everything overlaps.
struct CudaRoofline {
  std::string device;   ///< Name of the device.
  double ms = 0.0;      ///< 0 when its rates are not known.
  std::string bound{};  ///< The limiting resource: "float32", "shared memory", ...
};

/// For kernels that keep a sequence on the chip: V and the table or rows cross device memory once,
/// every link reads its value once from shared memory, networks run on the tensor cores. `device`
/// is "cuda:<i>". Throws Error when the device cannot be queried.
CudaRoofline cuda_roofline(const BenchWork& work, const std::string& device);

}  // namespace paramixer
