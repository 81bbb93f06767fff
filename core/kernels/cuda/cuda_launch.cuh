#pragma once

#include <cuda_runtime.h>
#include <string>

#include "core/base/error.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {

/// Throws Error naming `what` when a CUDA call failed.
inline void check_cuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw Error(std::string("CUDA: ") + what + " failed: " + cudaGetErrorString(status));
}

/// One of a device's limits. Throws Error when it cannot be queried.
inline int device_attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "asking for a device's limits");
  return value;
}

/// Whether kernels of `blocks` large blocks are worth it. Fewer than half the processors leave the
/// device idle; kernels by factor spread better.
inline bool fills_device(std::int64_t blocks, int device) {
  return 2 * blocks >= device_attribute(cudaDevAttrMultiProcessorCount, device);
}

/// Makes a device current and the former one again at the end.
class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    check_cuda(cudaGetDevice(&before_), "asking for the current device");
    if (before_ == device) return;
    check_cuda(cudaSetDevice(device), "choosing a device");
    changed_ = true;
  }
  ~DeviceScope() {
    if (changed_) cudaSetDevice(before_);
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;

 private:
  int before_ = 0;
  bool changed_ = false;
};

/// The shape of one kernel launch.
struct LaunchShape {
  std::int64_t blocks = 0;
  std::int32_t threads = 0;
  std::int64_t shared_bytes = 0;
  std::int32_t cluster = 1;  ///< Blocks of a cluster; divides `blocks`.
};

/// A launch as the CUDA runtime wants it described.
class LaunchConfig {
 public:
  LaunchConfig(const LaunchShape& shape, const CudaStream& stream) {
    config_.gridDim = dim3(static_cast<unsigned>(shape.blocks));
    config_.blockDim = dim3(static_cast<unsigned>(shape.threads));
    config_.dynamicSmemBytes = static_cast<std::size_t>(shape.shared_bytes);
    config_.stream = static_cast<cudaStream_t>(stream.stream);
    cluster_.id = cudaLaunchAttributeClusterDimension;
    cluster_.val.clusterDim = {static_cast<unsigned>(shape.cluster), 1, 1};
    config_.attrs = &cluster_;
    config_.numAttrs = shape.cluster > 1 ? 1 : 0;
  }
  LaunchConfig(const LaunchConfig&) = delete;
  LaunchConfig& operator=(const LaunchConfig&) = delete;

  const cudaLaunchConfig_t* get() const { return &config_; }

 private:
  cudaLaunchConfig_t config_{};
  cudaLaunchAttribute cluster_{};
};

/// Lets `kernel` have this much dynamic shared memory.
template <typename... Parameters>
cudaError_t allow_shared_bytes(void (*kernel)(Parameters...), std::int64_t bytes) {
  constexpr std::int64_t kAlwaysAllowed = 48 * 1024;
  if (bytes <= kAlwaysAllowed) return cudaSuccess;
  return cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                              static_cast<int>(bytes));
}

/// Queues `kernel` with all its blocks in grid.x; nothing when there are none.
template <typename... Parameters, typename... Arguments>
void launch(void (*kernel)(Parameters...), const LaunchShape& shape, const CudaStream& stream,
            const char* name, const Arguments&... arguments) {
  if (shape.blocks == 0) return;
  constexpr std::int64_t kMaxBlocks = (std::int64_t{1} << 31) - 1;
  if (shape.blocks > kMaxBlocks) {
    throw Error(std::string("CUDA: ") + name + " needs " + std::to_string(shape.blocks) +
                " blocks, at most " + std::to_string(kMaxBlocks) + " can run; use smaller batches");
  }
  check_cuda(allow_shared_bytes(kernel, shape.shared_bytes), name);
  const LaunchConfig config(shape, stream);
  check_cuda(cudaLaunchKernelEx(config.get(), kernel, arguments...), name);
}

}  // namespace paramixer
