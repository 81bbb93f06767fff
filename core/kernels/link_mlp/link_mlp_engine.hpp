#pragma once

#include <memory>
#include <vector>

#include "core/base/thread_pool.hpp"
#include "core/base/workspace.hpp"
#include "core/kernels/link_mlp/link_mlp.hpp"
#include "core/kernels/link_mlp/link_mlp_tile.hpp"
#include "core/kernels/link_mlp/packed_networks.hpp"

namespace paramixer {

/// The networks f_m on the CPU, forward and backward. Every thread takes a share of the rows and
/// runs them tile by tile through all networks; hidden values stay in the cache and are recomputed
/// in the backward pass instead of stored. The same row gives the same bits forward, the same rows
/// backward on one number of threads. Keeps its workspaces; not thread-safe: one per caller.
class LinkMlpEngine {
 public:
  /// Uses the fastest kernels this processor can run.
  explicit LinkMlpEngine(std::shared_ptr<ThreadPool> pool);
  LinkMlpEngine(std::shared_ptr<ThreadPool> pool, const LinkMlpKernels& kernels);

  /// outputs[m] [R, L] = W2 gelu(W1 x + b1) + b2 for every network m.
  void forward(const LinkMlpProblem<float>& problem, std::span<float* const> outputs);
  /// All gradients.
  void backward(const LinkMlpProblem<float>& problem, const LinkMlpBackward<float>& buffers);

 private:
  /// What one thread keeps between calls.
  struct Member {
    Workspace tile;
    CollectedGradients gradients;
  };

  void backward_rows(const LinkMlpProblem<float>& problem, const LinkMlpBackward<float>& buffers,
                     int index);

  std::shared_ptr<ThreadPool> pool_;
  const LinkMlpKernels* kernels_;
  PackedNetworks packed_;
  std::vector<Member> members_;
};

}  // namespace paramixer
