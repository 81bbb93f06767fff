#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/base/service_callbacks.hpp"

namespace paramixer {

struct BenchOptions {
  std::vector<std::string> works{};  ///< Names; empty means all for the device.
  std::string device = "cpu";        ///< From choose_device(). A CUDA device runs the gpu- works.
  double seconds_each = 1.0;         ///< Time spent on each subject of each work, at least once.
};

/// What one work took, against one baseline.
struct BenchRow {
  std::string work;
  std::string
      baseline;  ///< `spmm`, `eager` (the best other formulation), `kernel`, `self` or `forward`.
  double ours_ms = 0.0;  ///< The fastest of all runs, like baseline_ms.
  double baseline_ms = 0.0;
  std::int64_t sequences = 0;
  std::int64_t length = 0;  ///< Tokens per sequence.
  double gflops = 0.0;      ///< 10^9 operations per second of our kernels; 0 if not applicable.
  double gbytes = 0.0;      ///< 10^9 bytes per second of our kernels, as counted by bench_cost().
  /// The least time the device needs when everything overlaps, and what takes it; 0 on the CPU.
  double roofline_ms = 0.0;
  std::string roofline{};
  double disagreement = 0.0;
  std::string detail{};  ///< Which formulation, or what the figures are.

  double ratio() const { return baseline_ms / ours_ms; }
  double bases_per_second() const {
    return static_cast<double>(sequences * length) / ours_ms * 1000.0;
  }
};

/// Time of a forward pass for one length: how the cost grows with N.
struct BenchScaling {
  std::int64_t length = 0;
  double milliseconds = 0.0;
  double nanoseconds_per_link = 0.0;  ///< Per position, factor and link.
};

struct BenchMachine {
  std::string device;
  std::string processor;  ///< Or the CUDA device.
  std::string kernels;    ///< Instruction set of the mixing kernels.
  int threads = 0;
  double peak_gflops = 0.0;  ///< Measured in this run; 0 on a CUDA device.
  double peak_gbytes = 0.0;
};

struct BenchReport {
  BenchMachine machine{};
  std::vector<BenchRow> rows{};
  std::vector<BenchScaling> scaling{};
};

/// Names of the works for a device.
std::vector<std::string> bench_work_names(const std::string& device);

/// Times this program's kernels against eager LibTorch formulations of the same model in one run,
/// after checking that all agree. Throws Error for an unknown work, when results disagree by more
/// than 1e-3 (5e-2 in bfloat16), and kInterrupted after a stop request.
BenchReport run_bench(const BenchOptions& options, const ServiceCallbacks& callbacks = {},
                      std::stop_token stop = {});

std::string bench_text(const BenchReport& report);
std::string bench_json(const BenchReport& report);

}  // namespace paramixer
