#pragma once

#include <vector>

namespace paramixer {

/// One kernel family compiled for every instruction set. `runnable` lists those this processor has,
/// the fastest first.
template <typename Kernels>
struct Family {
  using Getter = const Kernels& (*)();
  Getter avx512 = nullptr;
  Getter avx2 = nullptr;
  Getter portable = nullptr;

  std::vector<const Kernels*> runnable() const {
    std::vector<const Kernels*> kernels;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
      kernels.push_back(&avx512());
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      kernels.push_back(&avx2());
    }
#endif
    kernels.push_back(&portable());
    return kernels;
  }
};

}  // namespace paramixer
