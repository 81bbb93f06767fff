#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/device_peaks.hpp"

namespace paramixer {
namespace {

/// Per multiprocessor and clock, from the CUDA programming guide and the architectures' white
/// papers.
struct RatesPerClock {
  double flops;
  double tensor_flops;
  double shared_bytes;
  double functions;
};

RatesPerClock rates_of(int major, int minor) {
  const int capability = 10 * major + minor;
  if (capability == 80) return {128.0, 2048.0, 128.0, 16.0};
  if (capability == 86 || capability == 89) return {256.0, 1024.0, 128.0, 16.0};
  if (capability == 90) return {256.0, 4096.0, 128.0, 16.0};
  if (capability == 100) return {256.0, 8192.0, 128.0, 16.0};
  return {};
}

}  // namespace

CudaPeaks cuda_peaks(int device) {
  const auto ask = [device](cudaDeviceAttr which) {
    return static_cast<double>(device_attribute(which, device));
  };
  cudaDeviceProp properties;
  check_cuda(cudaGetDeviceProperties(&properties, device), "asking for a device's name");
  const RatesPerClock rates = rates_of(properties.major, properties.minor);
  // Clocks are in kHz; memory moves data twice a clock.
  const double clocks = ask(cudaDevAttrMultiProcessorCount) * ask(cudaDevAttrClockRate) * 1e-6;
  const double memory_clocks = ask(cudaDevAttrMemoryClockRate) * 1e-6;
  return {properties.name,
          rates.flops * clocks,
          rates.tensor_flops * clocks,
          2.0 * memory_clocks * ask(cudaDevAttrGlobalMemoryBusWidth) / 8.0,
          rates.shared_bytes * clocks,
          rates.functions * clocks};
}

}  // namespace paramixer
