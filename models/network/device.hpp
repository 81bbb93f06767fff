#pragma once

#include <string>
#include <vector>

namespace paramixer {

/// The device to compute on, chosen once at start.
struct DeviceChoice {
  std::string device;  ///< "cpu" or "cuda:<i>", as torch writes it.
  std::string reason;  ///< One line: what was chosen and why.
};

/// Resolves `auto`, `cpu`, `cuda` or `cuda:<i>`. `auto` takes the first usable CUDA device,
/// otherwise the CPU. An explicit cuda throws Error with the reason when it cannot be used; it
/// never falls back. Opens the CUDA libraries only when an NVIDIA driver is there. Throws a usage
/// Error for any other text.
DeviceChoice choose_device(const std::string& request);

/// Threads for tensor operations and mixing kernels; 0 means all cores of this process. Call once
/// before the first model.
void set_compute_threads(int threads);
int compute_threads();

/// Build and run-time facts for `info`: pairs such as {"LibTorch", "2.11.0"}, {"instruction set",
/// "AVX2"}, {"CUDA", ...}.
std::vector<std::pair<std::string, std::string>> compute_facts();

}  // namespace paramixer
