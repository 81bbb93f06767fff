#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernels/mix/packed_values.hpp"
#include "models/config/model_config.hpp"

namespace paramixer {

enum class BenchPass {
  kForward,   ///< Tokens to logits, without gradients.
  kTraining,  ///< Forward, loss and all gradients, with the configuration's dropout.
};

/// Whether per-model precomputation happens before the clock starts.
enum class BenchTables {
  kFrozen,  ///< As `classify` does.
  kNone,    ///< Every forward pass starts from the weights.
};

/// One model computation to time.
struct BenchWork {
  std::string name;
  ModelConfig config{};
  std::int64_t length = 0;  ///< Tokens of every sequence.
  std::int64_t batch = 1;   ///< Sequences.
  BenchPass pass = BenchPass::kForward;
  BenchTables tables = BenchTables::kFrozen;
  /// Type of V between factors. On a CUDA device kBfloat16 is also the type of the baselines.
  ValueStorage storage = ValueStorage::kFloat32;
};

/// Arithmetic and memory traffic of one run of a work.
struct BenchCost {
  double flops = 0.0;  ///< Multiplications and additions that this program's method needs.
  /// Values read and written once per factor, and the links read once; the least traffic of kernels
  /// that go factor by factor.
  double bytes = 0.0;
};

/// The same for kernels that keep a sequence on the chip.
struct BenchDemand {
  double mixing_flops = 0.0;
  double network_flops = 0.0;  ///< Cost of networks that run at every position.
  double activations = 0.0;    ///< Hidden units of those.
  double bytes = 0.0;  ///< V read and written once, rows and tables read once, in device memory.
  double gathered_bytes = 0.0;  ///< The values that all links lead to.
};

/// The published genome configuration for N = `length` positions: E = 32, H = 128, chord, one
/// block, two classes, flattened. `pooling` kMean serves lengths for which that head is too large.
ModelConfig genome_bench_config(std::int64_t length, PositionKind position, Pooling pooling);

/// Works of the default run, without `classify`: the names that the reports use.
std::vector<BenchWork> bench_works();
/// Works on a CUDA device, named gpu-...
std::vector<BenchWork> gpu_bench_works();

BenchCost bench_cost(const BenchWork& work);
BenchDemand bench_demand(const BenchWork& work);

}  // namespace paramixer
