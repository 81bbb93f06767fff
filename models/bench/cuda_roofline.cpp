#include "models/bench/cuda_roofline.hpp"

#include <algorithm>
#include <array>

#include <torch/torch.h>

#include "core/kernels/cuda/device_peaks.hpp"

namespace paramixer {

CudaRoofline cuda_roofline(const BenchWork& work, const std::string& device) {
  const CudaPeaks peaks = cuda_peaks(torch::Device(device).index());
  const BenchDemand demand = bench_demand(work);
  CudaRoofline roofline{.device = peaks.name};
  struct Resource {
    const char* name;
    double needed;
    double rate;
  };
  for (const Resource& resource :
       std::array{Resource{"float32", demand.mixing_flops, peaks.flops},
                  Resource{"tensor cores", demand.network_flops, peaks.tensor_flops},
                  Resource{"device memory", demand.bytes, peaks.bytes},
                  Resource{"shared memory", demand.gathered_bytes, peaks.shared_bytes},
                  Resource{"special functions", demand.activations, peaks.functions}}) {
    if (resource.rate <= 0.0) return {.device = peaks.name};
    const double ms = resource.needed / resource.rate * 1e-6;
    if (ms > roofline.ms) {
      roofline.ms = ms;
      roofline.bound = resource.name;
    }
  }
  return roofline;
}

}  // namespace paramixer
