#include "core/kernels/fused/fused_mix_engine.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {
namespace {

/// The buffers of one tile, one after the other in a thread's workspace.
struct FusedTileBuffers {
  FusedTileBuffers(const LinkMlpShape& shape, Workspace& workspace) {
    const PaddedLinkMlpShape padded(shape);
    const std::int64_t scratch_size = link_tile_scratch(shape);
    scratch =
        workspace.floats(scratch_size + kLinkTileRows * (2 * padded.inputs + 2 * padded.outputs));
    rows = scratch + scratch_size;
    grad_rows = rows + kLinkTileRows * padded.inputs;
    links = grad_rows + kLinkTileRows * padded.inputs;
    grad_links = links + kLinkTileRows * padded.outputs;
  }

  float* scratch;
  float* rows;
  float* grad_rows;
  float* links;
  float* grad_links;
};

/// One after the other of two halves.
MixRows<float> half_of(float* scratch, std::int64_t factor, std::int64_t positions,
                       std::int64_t channels) {
  return {scratch + factor % 2 * positions * channels, channels};
}

}  // namespace

/// Some positions of one sequence.
struct FusedMixEngine::Piece {
  std::int64_t start = 0;   ///< Number of the sequence in the batch.
  std::int64_t length = 0;  ///< Positions of the sequence.
  std::int64_t begin = 0;   ///< First position in the sequence.
  std::int64_t count = 0;

  std::int64_t first() const { return start + begin; }
};

/// What one factor reads and writes for the whole batch.
struct FusedMixEngine::FactorPass {
  std::size_t factor = 0;
  MixRows<const float> values{};  ///< V before the factor, or the gradient of V after it.
  MixRows<const float> inputs{};  ///< Backward: V before the factor.
  MixRows<float> target{};
  std::vector<SegmentCache>* segments = nullptr;  ///< One per thread.
};

FusedMixEngine::FusedMixEngine(std::shared_ptr<ThreadPool> pool)
    : FusedMixEngine(std::move(pool), *available_mix_kernels().front(),
                     *available_link_mlp_kernels().front()) {}

FusedMixEngine::FusedMixEngine(std::shared_ptr<ThreadPool> pool, const MixKernels& mix_kernels,
                               const LinkMlpKernels& link_kernels)
    : pool_(std::move(pool)),
      mix_kernels_(&mix_kernels),
      link_kernels_(&link_kernels),
      members_(static_cast<std::size_t>(pool_->threads())) {}

template <typename Visit>
void FusedMixEngine::for_each_piece(const FusedMixProblem<float>& problem, int index,
                                    std::int64_t longest, Visit&& visit) const {
  const std::span<const std::int64_t> starts = problem.starts;
  const std::int64_t all = problem.positions();
  const std::int64_t end = all * (index + 1) / pool_->threads();
  std::int64_t position = all * index / pool_->threads();
  auto next = std::upper_bound(starts.begin(), starts.end(), position);
  while (position < end) {
    while (*next <= position) ++next;
    const std::int64_t start = *(next - 1);
    const std::int64_t count = std::min({longest, end - position, *next - position});
    visit(Piece{start, *next - start, position - start, count});
    position += count;
  }
}

std::vector<SegmentCache> FusedMixEngine::caches(const FusedMixProblem<float>& problem,
                                                 LinkDirection direction) const {
  return {members_.size(), SegmentCache(*problem.pattern, problem.boundary, direction)};
}

/// The rows of a piece in the kernels' width; copied only where that is not theirs.
LinkTile FusedMixEngine::tile_of(const FusedMixProblem<float>& problem, const Piece& piece,
                                 float* padded_rows, float* scratch) {
  const std::int64_t inputs = problem.shape.inputs;
  const std::int64_t padded = padded_to_panel(inputs);
  const float* rows = problem.rows + piece.first() * inputs;
  if (padded != inputs) {
    copy_lines({rows, inputs}, piece.count, {padded_rows, padded});
    rows = padded_rows;
  }
  return {rows, piece.count, scratch};
}

/// The factor on one piece with links [count, weights_pitch] of the positions from `first` on.
MixFactor FusedMixEngine::factor_of(const FusedMixProblem<float>& problem, const FactorPass& pass,
                                    const Piece& piece, const float* links) {
  MixFactor factor;
  factor.channels = problem.channels;
  factor.values = pass.values.first + piece.start * pass.values.pitch;
  factor.values_pitch = pass.values.pitch;
  factor.links = problem.shape.outputs;
  factor.weights_pitch = padded_to_panel(problem.shape.outputs);
  factor.weights = links;
  return factor;
}

void FusedMixEngine::forward(const FusedMixProblem<float>& problem,
                             const MixForward<float>& buffers) {
  const std::int64_t size = problem.positions() * problem.channels;
  if (problem.factors() == 0) {
    std::copy_n(buffers.input, size, buffers.output);
    return;
  }
  packed_.pack(problem.shape, problem.networks);
  float* scratch = buffers.states == nullptr ? values_.floats(2 * size) : nullptr;
  auto segments = caches(problem, LinkDirection::kToTarget);
  FactorPass pass{.values = {buffers.input, problem.channels}, .segments = &segments};
  for (std::int64_t m = 0; m < problem.factors(); ++m) {
    pass.factor = static_cast<std::size_t>(m);
    if (m + 1 == problem.factors()) {
      pass.target = {buffers.output, problem.channels};
    } else if (buffers.states != nullptr) {
      pass.target = {buffers.states + m * size, problem.channels};
    } else {
      pass.target = half_of(scratch, m, problem.positions(), problem.channels);
    }
    pool_->run([&](int index) { forward_factor(problem, pass, index); });
    pass.values = {pass.target.first, pass.target.pitch};
  }
}

void FusedMixEngine::forward_factor(const FusedMixProblem<float>& problem, const FactorPass& pass,
                                    int index) {
  const auto member = static_cast<std::size_t>(index);
  const FusedTileBuffers buffers(problem.shape, members_[member].tile);
  const std::int64_t pitch = padded_to_panel(problem.shape.outputs);
  for_each_piece(problem, index, kLinkTileRows, [&](const Piece& piece) {
    const LinkTile tile = tile_of(problem, piece, buffers.rows, buffers.scratch);
    link_kernels_->forward(packed_[pass.factor], tile, buffers.links);
    const auto& segments =
        (*pass.segments)[member].get(static_cast<std::int64_t>(pass.factor), piece.length);
    const auto views = clipped(segments, piece.begin, piece.begin + piece.count);
    MixFactor factor = factor_of(problem, pass, piece, buffers.links - piece.begin * pitch);
    factor.segments = views;
    mix_kernels_->forward(factor,
                          {pass.target.first + piece.start * pass.target.pitch, pass.target.pitch});
  });
}

void FusedMixEngine::backward(const FusedMixProblem<float>& problem,
                              const FusedMixBackward<float>& buffers) {
  const std::int64_t size = problem.positions() * problem.channels;
  if (problem.factors() == 0) {
    std::copy_n(buffers.grad_output, size, buffers.grad_input);
    return;
  }
  packed_.pack(problem.shape, problem.networks);
  for (Member& member : members_) member.gradients.clear(problem.shape, problem.networks.size());
  float* scratch = values_.floats(2 * size);
  auto to_target = caches(problem, LinkDirection::kToTarget);
  auto to_source = caches(problem, LinkDirection::kToSource);
  FactorPass pass{.values = {buffers.grad_output, problem.channels}};
  for (std::int64_t m = problem.factors() - 1; m >= 0; --m) {
    pass.factor = static_cast<std::size_t>(m);
    pass.inputs = {m == 0 ? buffers.input : buffers.states + (m - 1) * size, problem.channels};
    pass.target = m == 0 ? MixRows<float>{buffers.grad_input, problem.channels}
                         : half_of(scratch, m, problem.positions(), problem.channels);
    pass.segments = &to_target;
    links_.floats(problem.positions() * padded_to_panel(problem.shape.outputs));
    pool_->run([&](int index) { backward_links(problem, buffers, pass, index); });
    pass.segments = &to_source;
    pool_->run([&](int index) { backward_values(problem, pass, index); });
    pass.values = {pass.target.first, pass.target.pitch};
  }
  write_gradients(buffers);
}

void FusedMixEngine::backward_links(const FusedMixProblem<float>& problem,
                                    const FusedMixBackward<float>& buffers, const FactorPass& pass,
                                    int index) {
  Member& member = members_[static_cast<std::size_t>(index)];
  const FusedTileBuffers work(problem.shape, member.tile);
  const PaddedLinkMlpShape padded(problem.shape);
  float* links = links_.floats(problem.positions() * padded.outputs);
  for_each_piece(problem, index, kLinkTileRows, [&](const Piece& piece) {
    const auto& segments = (*pass.segments)[static_cast<std::size_t>(index)].get(
        static_cast<std::int64_t>(pass.factor), piece.length);
    const auto views = clipped(segments, piece.begin, piece.begin + piece.count);
    MixFactor factor = factor_of(problem, pass, piece, nullptr);
    factor.segments = views;
    std::fill_n(work.grad_links, piece.count * padded.outputs, 0.0F);
    mix_kernels_->backward_weights(
        factor, {pass.inputs.first + piece.start * pass.inputs.pitch, pass.inputs.pitch},
        {work.grad_links - piece.begin * padded.outputs, padded.outputs});
    const MatrixLines<float> grad_rows{buffers.grad_rows + piece.first() * problem.shape.inputs,
                                       problem.shape.inputs};
    const MatrixLines<float> padded_grad{work.grad_rows, padded.inputs};
    copy_lines({grad_rows.first, grad_rows.columns}, piece.count, padded_grad);
    link_kernels_->backward(packed_[pass.factor], tile_of(problem, piece, work.rows, work.scratch),
                            {.grad_output = work.grad_links,
                             .sums = member.gradients.of(pass.factor),
                             .grad_rows = work.grad_rows,
                             .output = links + piece.first() * padded.outputs});
    copy_lines({padded_grad.first, padded_grad.columns}, piece.count, grad_rows);
  });
}

void FusedMixEngine::backward_values(const FusedMixProblem<float>& problem, const FactorPass& pass,
                                     int index) {
  const std::int64_t pitch = padded_to_panel(problem.shape.outputs);
  const float* links = links_.floats(problem.positions() * pitch);
  for_each_piece(problem, index, problem.positions(), [&](const Piece& piece) {
    const auto& segments = (*pass.segments)[static_cast<std::size_t>(index)].get(
        static_cast<std::int64_t>(pass.factor), piece.length);
    const auto views = clipped(segments, piece.begin, piece.begin + piece.count);
    MixFactor factor = factor_of(problem, pass, piece, links + piece.start * pitch);
    factor.segments = views;
    mix_kernels_->backward_values(
        factor, {pass.target.first + piece.start * pass.target.pitch, pass.target.pitch});
  });
}

void FusedMixEngine::write_gradients(const FusedMixBackward<float>& buffers) {
  pool_->run([&](int index) {
    for (auto m = static_cast<std::size_t>(index); m < buffers.gradients.size();
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

}  // namespace paramixer
