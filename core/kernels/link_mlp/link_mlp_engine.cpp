#include "core/kernels/link_mlp/link_mlp_engine.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {
namespace {

/// Rows [first, last) of one thread.
std::pair<std::int64_t, std::int64_t> share_of(std::int64_t rows, int index, int members) {
  const std::int64_t tiles = (rows + kLinkTileRows - 1) / kLinkTileRows;
  return {std::min(rows, tiles * index / members * kLinkTileRows),
          std::min(rows, tiles * (index + 1) / members * kLinkTileRows)};
}

/// The buffers of one tile, one after the other in a thread's workspace.
struct MlpTileBuffers {
  MlpTileBuffers(const LinkMlpShape& shape, Workspace& workspace) {
    const PaddedLinkMlpShape padded(shape);
    const std::int64_t scratch_size = link_tile_scratch(shape);
    scratch = workspace.floats(scratch_size + kLinkTileRows * (2 * padded.inputs + padded.outputs));
    rows = scratch + scratch_size;
    grad_rows = rows + kLinkTileRows * padded.inputs;
    outputs = grad_rows + kLinkTileRows * padded.inputs;
  }

  float* scratch;
  float* rows;
  float* grad_rows;
  float* outputs;
};

}  // namespace

LinkMlpEngine::LinkMlpEngine(std::shared_ptr<ThreadPool> pool)
    : LinkMlpEngine(std::move(pool), *available_link_mlp_kernels().front()) {}

LinkMlpEngine::LinkMlpEngine(std::shared_ptr<ThreadPool> pool, const LinkMlpKernels& kernels)
    : pool_(std::move(pool)),
      kernels_(&kernels),
      members_(static_cast<std::size_t>(pool_->threads())) {}

void LinkMlpEngine::forward(const LinkMlpProblem<float>& problem, std::span<float* const> outputs) {
  packed_.pack(problem.shape, problem.networks);
  const LinkMlpShape& shape = problem.shape;
  const PaddedLinkMlpShape padded(shape);
  pool_->run([&](int index) {
    const MlpTileBuffers buffers(shape, members_[static_cast<std::size_t>(index)].tile);
    const auto [first, last] = share_of(problem.count, index, pool_->threads());
    for (std::int64_t row = first; row < last; row += kLinkTileRows) {
      const LinkTile tile{buffers.rows, std::min(kLinkTileRows, last - row), buffers.scratch};
      copy_lines({problem.rows + row * shape.inputs, shape.inputs}, tile.count,
                 {buffers.rows, padded.inputs});
      for (std::size_t m = 0; m < problem.networks.size(); ++m) {
        kernels_->forward(packed_[m], tile, buffers.outputs);
        copy_lines({buffers.outputs, padded.outputs}, tile.count,
                   {outputs[m] + row * shape.outputs, shape.outputs});
      }
    }
  });
}

void LinkMlpEngine::backward(const LinkMlpProblem<float>& problem,
                             const LinkMlpBackward<float>& buffers) {
  packed_.pack(problem.shape, problem.networks);
  pool_->run([&](int index) { backward_rows(problem, buffers, index); });
  pool_->run([&](int index) {
    for (auto m = static_cast<std::size_t>(index); m < problem.networks.size();
         m += members_.size()) {
      // Members are added in their order, so the sum does not depend on which finished first.
      CollectedGradients& total = members_.front().gradients;
      for (std::size_t other = 1; other < members_.size(); ++other) {
        total.add(members_[other].gradients, m);
      }
      total.write(m, buffers.gradients[m]);
    }
  });
}

void LinkMlpEngine::backward_rows(const LinkMlpProblem<float>& problem,
                                  const LinkMlpBackward<float>& buffers, int index) {
  const LinkMlpShape& shape = problem.shape;
  const PaddedLinkMlpShape padded(shape);
  Member& member = members_[static_cast<std::size_t>(index)];
  member.gradients.clear(shape, problem.networks.size());
  const MlpTileBuffers work(shape, member.tile);
  const auto [first, last] = share_of(problem.count, index, pool_->threads());
  for (std::int64_t row = first; row < last; row += kLinkTileRows) {
    const LinkTile tile{work.rows, std::min(kLinkTileRows, last - row), work.scratch};
    copy_lines({problem.rows + row * shape.inputs, shape.inputs}, tile.count,
               {work.rows, padded.inputs});
    std::fill_n(work.grad_rows, tile.count * padded.inputs, 0.0F);
    for (std::size_t m = 0; m < problem.networks.size(); ++m) {
      if (buffers.grad_outputs[m] == nullptr) continue;
      copy_lines({buffers.grad_outputs[m] + row * shape.outputs, shape.outputs}, tile.count,
                 {work.outputs, padded.outputs});
      kernels_->backward(packed_[m], tile,
                         {.grad_output = work.outputs,
                          .sums = member.gradients.of(m),
                          .grad_rows = work.grad_rows});
    }
    copy_lines({work.grad_rows, padded.inputs}, tile.count,
               {buffers.grad_rows + row * shape.inputs, shape.inputs});
  }
}

}  // namespace paramixer
