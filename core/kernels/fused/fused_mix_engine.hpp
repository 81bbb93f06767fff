#pragma once

#include <memory>
#include <vector>

#include "core/base/thread_pool.hpp"
#include "core/base/workspace.hpp"
#include "core/kernels/fused/fused_mix.hpp"
#include "core/kernels/link_mlp/packed_networks.hpp"
#include "core/kernels/mix/mix_factor.hpp"
#include "core/kernels/mix/segment_cache.hpp"

namespace paramixer {

/// Fused mixing on the CPU. The threads go through the factors together, each with a share of the
/// batch's positions: it computes the links of a tile in the cache and applies them at once. The
/// backward pass computes them again and keeps those of one factor at a time. The same input gives
/// the same bits, as in MixEngine. Keeps its workspaces between calls; not thread-safe: one engine
/// per caller.
class FusedMixEngine {
 public:
  /// Uses the fastest kernels this processor can run.
  explicit FusedMixEngine(std::shared_ptr<ThreadPool> pool);
  FusedMixEngine(std::shared_ptr<ThreadPool> pool, const MixKernels& mix_kernels,
                 const LinkMlpKernels& link_kernels);

  void forward(const FusedMixProblem<float>& problem, const MixForward<float>& buffers);
  void backward(const FusedMixProblem<float>& problem, const FusedMixBackward<float>& buffers);

 private:
  struct Piece;
  struct FactorPass;

  /// What one thread keeps between calls.
  struct Member {
    Workspace tile;
    CollectedGradients gradients;
  };

  /// Calls visit(piece) for one thread's share of the positions, in pieces of at most `longest`.
  template <typename Visit>
  void for_each_piece(const FusedMixProblem<float>& problem, int index, std::int64_t longest,
                      Visit&& visit) const;
  std::vector<SegmentCache> caches(const FusedMixProblem<float>& problem,
                                   LinkDirection direction) const;
  static LinkTile tile_of(const FusedMixProblem<float>& problem, const Piece& piece,
                          float* padded_rows, float* scratch);
  static MixFactor factor_of(const FusedMixProblem<float>& problem, const FactorPass& pass,
                             const Piece& piece, const float* links);
  void forward_factor(const FusedMixProblem<float>& problem, const FactorPass& pass, int index);
  void backward_links(const FusedMixProblem<float>& problem, const FusedMixBackward<float>& buffers,
                      const FactorPass& pass, int index);
  void backward_values(const FusedMixProblem<float>& problem, const FactorPass& pass, int index);
  void write_gradients(const FusedMixBackward<float>& buffers);

  std::shared_ptr<ThreadPool> pool_;
  const MixKernels* mix_kernels_;
  const LinkMlpKernels* link_kernels_;
  PackedNetworks packed_;
  Workspace values_;  ///< Two copies of V.
  Workspace links_;   ///< Links of one factor, for the backward pass.
  std::vector<Member> members_;
};

}  // namespace paramixer
