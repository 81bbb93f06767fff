#pragma once

#include <cuda_runtime_api.h>
#include <string>

#include "core/base/error.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {

/// Throws Error naming `what` when a CUDA call failed.
inline void check_cuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw Error(std::string("CUDA: ") + what + " failed: " + cudaGetErrorString(status));
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
};

/// Queues `kernel` with all its blocks in grid.x; nothing when there are none.
template <typename... Parameters, typename... Arguments>
void launch(void (*kernel)(Parameters...), const LaunchShape& shape, const CudaStream& stream,
            const char* name, const Arguments&... arguments) {
  if (shape.blocks == 0) return;
  constexpr std::int64_t kMaxBlocks = (std::int64_t{1} << 31) - 1;
  constexpr std::int64_t kPlainSharedBytes = 48 * 1024;
  if (shape.blocks > kMaxBlocks) {
    throw Error(std::string("CUDA: ") + name + " needs " + std::to_string(shape.blocks) +
                " blocks, at most " + std::to_string(kMaxBlocks) + " can run; use smaller batches");
  }
  if (shape.shared_bytes > kPlainSharedBytes) {
    check_cuda(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                                    cudaFuncAttributeMaxDynamicSharedMemorySize,
                                    static_cast<int>(shape.shared_bytes)),
               name);
  }
  kernel<<<static_cast<unsigned>(shape.blocks), static_cast<unsigned>(shape.threads),
           static_cast<std::size_t>(shape.shared_bytes),
           static_cast<cudaStream_t>(stream.stream)>>>(arguments...);
  check_cuda(cudaGetLastError(), name);
}

}  // namespace paramixer
