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
  /// `device` is a name that choose_device() gave.
  ModelBench(BenchWork work, const std::string& device);
  ~ModelBench();

  const BenchWork& work() const noexcept;
  /// Computes once; waits until a CUDA device is done.
  void run(BenchSubject subject);
  /// Largest difference, infinite if one is no number, between the results of `subject`, in
  /// float32 whatever type it is timed in, and ours, logits and, for a training pass,
  /// all gradients, each relative to the largest value of ours in the same tensor. Computed without
  /// dropout.
  double disagreement(BenchSubject subject);
  /// Writes the model as a file that `classify` takes, forward strand only.
  void save(const std::string& path) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace paramixer
