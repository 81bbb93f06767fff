#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/thread_pool.hpp"
#include "core/base/workspace.hpp"
#include "core/kernels/mix/mix.hpp"
#include "core/kernels/mix/segment_cache.hpp"

namespace paramixer {

struct FactorRun;

/// What a thread takes of a batch.
enum class MixSharing {
  kAuto,       ///< Sequences, unless some threads would have little to do.
  kSequences,  ///< Whole sequences, each carried through all factors while it is in the cache.
  kPositions,  ///< A share of every sequence's positions, factor by factor: for few, long ones.
};

/// The mixing operation on the CPU. A sequence gets the same bits forward in any batch on any
/// number of threads, backward in one batch on one number. One engine per caller: it is reused.
class MixEngine {
 public:
  /// Uses the fastest kernels this processor can run.
  explicit MixEngine(int threads);
  MixEngine(int threads, const MixKernels& kernels, MixSharing sharing = MixSharing::kAuto);

  int threads() const noexcept { return pool_->threads(); }
  /// The threads, for others that work in turn with this engine.
  const std::shared_ptr<ThreadPool>& pool() const noexcept { return pool_; }
  const char* kernel_name() const noexcept { return kernels_->name; }

  void forward(const MixProblem<float>& problem, const MixForward<float>& buffers);
  void backward(const MixProblem<float>& problem, const MixBackward<float>& buffers);

 private:
  /// What one thread keeps between calls.
  struct Member {
    Workspace values;        ///< Two copies of the longest sequence's V.
    Workspace grad_weights;  ///< Link gradients of this thread, rows of padded_links(L).
  };

  struct BothSegments;

  bool shares_positions(std::span<const std::int64_t> starts) const;
  void forward_by_sequences(const MixProblem<float>& problem, const MixForward<float>& buffers);
  void forward_by_positions(const MixProblem<float>& problem, const MixForward<float>& buffers);
  void forward_packed(const MixProblem<float>& problem, const MixForward<float>& buffers);
  bool forward_shares_positions(const MixProblem<float>& problem) const;
  void forward_group(const MixProblem<float>& problem, const MixForward<float>& buffers,
                     std::vector<FactorRun>& group, SegmentCache& segments);
  void backward_by_sequences(const MixProblem<float>& problem, const MixBackward<float>& buffers);
  void backward_by_positions(const MixProblem<float>& problem, const MixBackward<float>& buffers);
  void backward_sequence(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                         std::int64_t sequence, Member& member, BothSegments& segments);
  void add_weight_gradient(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                           const FactorRun& run, const MixFactor& factor, Member& member);
  float* cleared_table(const MixProblem<float>& problem, Member& member);
  void sum_weight_gradients(const MixProblem<float>& problem, const MixBackward<float>& buffers);

  const MixKernels* kernels_;
  std::shared_ptr<ThreadPool> pool_;
  MixSharing sharing_;
  std::vector<Member> members_;
  Workspace shared_values_;  ///< Two copies of V of the sequence whose positions are shared.
};

}  // namespace paramixer
