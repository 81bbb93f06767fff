#include "core/kernels/roofline/roofline.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/base/workspace.hpp"

namespace paramixer {
namespace {

template <typename Work>
double best_seconds(int runs, Work&& work) {
  double best = 0.0;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = run == 0 ? taken.count() : std::min(best, taken.count());
  }
  return best;
}

double measure_gflops(ThreadPool& pool) {
  constexpr std::int64_t kRounds = 4'000'000;
  const PeakKernel& kernel = *available_peak_kernels().front();
  std::vector<float> results(static_cast<std::size_t>(pool.threads()));
  const double seconds = best_seconds(5, [&] {
    pool.run([&](int member) {
      results[static_cast<std::size_t>(member)] = kernel.multiply_add(kRounds);
    });
  });
  const double operations = 2.0 * kMultiplyAddsPerRound * kernel.lanes * kRounds * pool.threads();
  return operations / seconds / 1e9;
}

double measure_gbytes(ThreadPool& pool) {
  constexpr std::int64_t kFloats = std::int64_t{16} << 20;  // 3 x 64 MiB: beyond any cache.
  Workspace workspace;
  float* a = workspace.floats(3 * kFloats);
  const float* b = a + kFloats;
  const float* c = b + kFloats;
  std::fill_n(a, 3 * kFloats, 1.0F);
  const double seconds = best_seconds(5, [&] {
    pool.run([&](int member) {
      const std::int64_t begin = kFloats * member / pool.threads();
      const std::int64_t end = kFloats * (member + 1) / pool.threads();
      for (std::int64_t i = begin; i < end; ++i) a[i] = b[i] + 0.5F * c[i];
    });
  });
  return 3.0 * kFloats * sizeof(float) / seconds / 1e9;
}

}  // namespace

Roofline measure_roofline(ThreadPool& pool) {
  return {.gflops = measure_gflops(pool), .gbytes = measure_gbytes(pool)};
}

}  // namespace paramixer
