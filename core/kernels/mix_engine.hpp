#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/thread_pool.hpp"
#include "core/base/workspace.hpp"
#include "core/kernels/mix.hpp"
#include "core/kernels/mix_factor.hpp"

namespace paramixer {

class SegmentCache;

/// The mixing operation on the CPU. Every thread takes whole sequences and carries each through all
/// factors while it is in the cache. For a fixed number of threads the result does not depend on
/// timing. Keeps its workspaces between calls; not thread-safe: one engine per caller.
class MixEngine {
 public:
  /// Uses the fastest kernels this processor can run.
  explicit MixEngine(int threads);
  MixEngine(int threads, const MixKernels& kernels);

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

  void forward_sequence(const MixProblem<float>& problem, const MixForward<float>& buffers,
                        std::int64_t sequence, Member& member, SegmentCache& segments);
  void backward_sequence(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                         std::int64_t sequence, Member& member, SegmentCache& to_target,
                         SegmentCache& to_source);
  void sum_weight_gradients(const MixProblem<float>& problem, const MixBackward<float>& buffers);

  const MixKernels* kernels_;
  std::shared_ptr<ThreadPool> pool_;
  std::vector<Member> members_;
};

}  // namespace paramixer
