#pragma once

#include <memory>
#include <string>

#include "models/bench/bench_work.hpp"

namespace paramixer {

enum class BenchSubject {
  kOurs,    ///< Paramixer with this program's kernels.
  kSpmm,    ///< EagerParamixer, gather - multiply - scatter-add.
  kGather,  ///< EagerParamixer, gather and einsum.
  kRolls,   ///< EagerParamixer, torch.roll.
};

/// A work with random weights and tokens, and everything that can compute it. All subjects use the
/// same weights and tokens. Not thread-safe.
class ModelBench {
 public:
  /// `device` is a name from choose_device().
  ModelBench(BenchWork work, const std::string& device);
  ~ModelBench();

  const BenchWork& work() const noexcept;
  /// Computes once; waits for a CUDA device to finish.
  void run(BenchSubject subject);
  /// Largest difference between the results of `subject` and ours, infinite if one is NaN: logits
  /// and, for a training pass, all gradients, each relative to our largest value in the same
  /// tensor. Computed in float32, whatever type is timed, and without dropout.
  double disagreement(BenchSubject subject);
  /// Writes the model as a file that `classify` takes, forward strand only.
  void save(const std::string& path) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paramixer
