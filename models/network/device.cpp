#include "models/network/device.hpp"

#include <algorithm>
#include <charconv>
#include <dlfcn.h>
#include <sched.h>

#include <ATen/Parallel.h>
#include <torch/torch.h>
#include <torch/version.h>

#include "core/base/error.hpp"
#include "core/base/thread_pool.hpp"
#include "core/kernels/mix/mix_factor.hpp"
#if defined(PARAMIXER_WITH_CUDA)
#include "core/kernels/cuda/mix_cuda.hpp"
#endif

namespace paramixer {
namespace {

/// Why no CUDA device can be used; empty when one can. The CUDA libraries are opened only when a
/// driver is there: the program links the CPU libraries alone and starts without them.
std::string why_no_cuda() {
  static const std::string kReason = []() -> std::string {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY);
    if (driver == nullptr) return "no NVIDIA driver (libcuda.so.1) on this machine";
    dlclose(driver);
    // Kept open for the life of the process: its static initialisers register the CUDA backend.
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      return std::string("LibTorch's CUDA libraries cannot be opened (") + dlerror() + ")";
    }
    if (!torch::cuda::is_available()) return "LibTorch finds no usable CUDA device";
    return "";
  }();
  return kReason;
}

DeviceChoice explicit_cuda(const std::string& request) {
  int index = 0;
  if (request != "cuda") {
    const char* begin = request.data() + std::string_view("cuda:").size();
    const char* end = request.data() + request.size();
    const auto [rest, error] = std::from_chars(begin, end, index);
    if (error != std::errc() || rest != end || index < 0) {
      throw usage_error("device '" + request + "' is not of the form cuda:<number>");
    }
  }
  const std::string reason = why_no_cuda();
  if (!reason.empty()) throw Error("device '" + request + "' cannot be used: " + reason);
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (index >= count) {
    throw Error("device '" + request + "' does not exist: this machine has " +
                std::to_string(count) + " CUDA device(s), numbered from 0");
  }
  return {"cuda:" + std::to_string(index), "as asked"};
}

std::string cuda_kernels() {
#if defined(PARAMIXER_WITH_CUDA)
  return cuda_kernels_built_for();
#else
  return "not built";
#endif
}

int available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

DeviceChoice choose_device(const std::string& request) {
  if (request == "cpu") return {"cpu", "as asked"};
  if (request == "auto") {
    const std::string reason = why_no_cuda();
    if (reason.empty()) return {"cuda:0", "a CUDA device is available"};
    return {"cpu", reason};
  }
  if (request == "cuda" || request.starts_with("cuda:")) return explicit_cuda(request);
  throw usage_error("unknown device '" + request + "'; expected auto, cpu, cuda or cuda:<number>");
}

void set_compute_threads(int threads) {
  const int count = threads > 0 ? threads : available_cores();
  // torch starts two teams of threads. If a thread cannot be started, it would wait forever (first
  // team) or OpenMP would end the program (second team); here it is an exception.
  ThreadPool{2 * count};
  at::set_num_threads(count);
}

int compute_threads() { return at::get_num_threads(); }

std::vector<std::pair<std::string, std::string>> compute_facts() {
  std::string kernels;
  for (const MixKernels* kernel : available_mix_kernels()) {
    kernels += (kernels.empty() ? "" : ", ") + std::string(kernel->name);
  }
  const std::string reason = why_no_cuda();
  return {{"LibTorch", TORCH_VERSION},
          {"mixing kernels (best first)", kernels},
          {"cores", std::to_string(available_cores())},
          {"CUDA kernels", cuda_kernels()},
          {"CUDA devices",
           reason.empty() ? std::to_string(torch::cuda::device_count()) : "none: " + reason}};
}

}  // namespace paramixer
