#pragma once

#include <cstdint>
#include <span>

#include "core/base/thread_pool.hpp"

namespace paramixer {

/// A loop of multiply-adds on registers for one instruction set, as fast as the processor can do
/// them: `rounds` times kMultiplyAddsPerRound of one vector. Returns a number that depends on all
/// of them.
struct PeakKernel {
  const char* name;
  int lanes;  ///< Floats a vector.
  float (*multiply_add)(std::int64_t rounds);
};

/// Independent multiply-adds in one round: enough to hide their latency.
constexpr int kMultiplyAddsPerRound = 12;

const PeakKernel& portable_peak_kernel();
#if defined(__x86_64__)
const PeakKernel& avx2_peak_kernel();
const PeakKernel& avx512_peak_kernel();
#endif

/// Every peak kernel this processor can run, fastest first.
std::span<const PeakKernel* const> available_peak_kernels();

/// What the machine can do at most; what measured rates are compared with.
struct Roofline {
  double gflops = 0.0;  ///< 10^9 float32 operations per second of all threads, as multiply-adds.
  double gbytes = 0.0;  ///< 10^9 bytes per second read and written by a = b + s c in main memory.
};

/// Measures both with the pool's threads at once; takes under a second. The best of several runs.
Roofline measure_roofline(ThreadPool& pool);

}  // namespace paramixer
