#include "core/kernels/link_mlp_engine.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {
namespace {

/// A matrix in memory, possibly read transposed: element (k, n) is at data[k * k_step + n *
/// n_step].
struct Strided {
  const float* data = nullptr;
  std::int64_t k_step = 0;
  std::int64_t n_step = 0;
};

/// Writes `source` [depth, columns] as panels and returns what follows them.
float* pack_panels(const Strided& source, std::int64_t depth, std::int64_t columns, float* target) {
  for (std::int64_t first = 0; first < columns; first += kLinkPanel) {
    const std::int64_t width = std::min(kLinkPanel, columns - first);
    for (std::int64_t k = 0; k < depth; ++k, target += kLinkPanel) {
      for (std::int64_t c = 0; c < kLinkPanel; ++c) {
        target[c] = c < width ? source.data[k * source.k_step + (first + c) * source.n_step] : 0.0F;
      }
    }
  }
  return target;
}

/// Copies `rows` lines of `columns` floats between two row lengths; fills longer target lines with
/// zeros.
void copy_lines(const float* source, std::int64_t columns, std::int64_t rows,
                std::int64_t target_columns, float* target) {
  const std::int64_t width = std::min(columns, target_columns);
  for (std::int64_t r = 0; r < rows; ++r) {
    std::copy_n(source + r * columns, width, target + r * target_columns);
    std::fill(target + r * target_columns + width, target + (r + 1) * target_columns, 0.0F);
  }
}

struct PaddedShape {
  explicit PaddedShape(const LinkMlpShape& shape)
      : inputs(padded_to_panel(shape.inputs)),
        hidden(padded_to_panel(shape.hidden)),
        outputs(padded_to_panel(shape.outputs)) {}

  std::int64_t inputs;
  std::int64_t hidden;
  std::int64_t outputs;
};

std::int64_t packed_size(const LinkMlpShape& shape) {
  const PaddedShape padded(shape);
  return shape.inputs * padded.hidden + padded.hidden + shape.hidden * padded.outputs +
         padded.outputs + shape.hidden * padded.inputs + shape.outputs * padded.hidden;
}

PackedLinkMlp packed_network(const LinkMlpShape& shape, const LinkMlpWeights<float>& weights,
                             float* memory) {
  PackedLinkMlp packed{.shape = shape};
  const auto place = [&memory](const float*& field, const Strided& source, std::int64_t depth,
                               std::int64_t columns) {
    field = memory;
    memory = pack_panels(source, depth, columns, memory);
  };
  place(packed.first_transposed, {weights.first, 1, shape.inputs}, shape.inputs, shape.hidden);
  place(packed.first_bias, {weights.first_bias, 0, 1}, 1, shape.hidden);
  place(packed.second_transposed, {weights.second, 1, shape.hidden}, shape.hidden, shape.outputs);
  place(packed.second_bias, {weights.second_bias, 0, 1}, 1, shape.outputs);
  place(packed.first, {weights.first, shape.inputs, 1}, shape.hidden, shape.inputs);
  place(packed.second, {weights.second, shape.hidden, 1}, shape.outputs, shape.hidden);
  return packed;
}

std::int64_t sums_size(const LinkMlpShape& shape) {
  const PaddedShape padded(shape);
  return shape.hidden * (padded.inputs + padded.outputs) + padded.hidden + padded.outputs;
}

LinkMlpSums sums_at(const LinkMlpShape& shape, float* memory) {
  const PaddedShape padded(shape);
  LinkMlpSums sums;
  sums.first = memory;
  sums.second = sums.first + shape.hidden * padded.inputs;
  sums.first_bias = sums.second + shape.hidden * padded.outputs;
  sums.second_bias = sums.first_bias + padded.hidden;
  return sums;
}

/// Rows [first, last) of one thread.
std::pair<std::int64_t, std::int64_t> share_of(std::int64_t rows, int index, int members) {
  const std::int64_t tiles = (rows + kLinkTileRows - 1) / kLinkTileRows;
  return {std::min(rows, tiles * index / members * kLinkTileRows),
          std::min(rows, tiles * (index + 1) / members * kLinkTileRows)};
}

/// The buffers of one tile, one after the other in a thread's workspace.
struct TileBuffers {
  TileBuffers(const LinkMlpShape& shape, Workspace& workspace) {
    const PaddedShape padded(shape);
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

void LinkMlpEngine::pack(const LinkMlpProblem<float>& problem) {
  const std::int64_t size = packed_size(problem.shape);
  const auto networks = static_cast<std::int64_t>(problem.networks.size());
  float* memory = packed_weights_.floats(size * networks);
  packed_.resize(problem.networks.size());
  for (std::int64_t m = 0; m < networks; ++m) {
    packed_[m] = packed_network(problem.shape, problem.networks[m], memory + m * size);
  }
}

void LinkMlpEngine::forward(const LinkMlpProblem<float>& problem, std::span<float* const> outputs) {
  pack(problem);
  const LinkMlpShape& shape = problem.shape;
  const PaddedShape padded(shape);
  pool_->run([&](int index) {
    const TileBuffers buffers(shape, members_[static_cast<std::size_t>(index)].tile);
    const auto [first, last] = share_of(problem.count, index, pool_->threads());
    for (std::int64_t row = first; row < last; row += kLinkTileRows) {
      const LinkTile tile{buffers.rows, std::min(kLinkTileRows, last - row), buffers.scratch};
      copy_lines(problem.rows + row * shape.inputs, shape.inputs, tile.count, padded.inputs,
                 buffers.rows);
      for (std::size_t m = 0; m < problem.networks.size(); ++m) {
        kernels_->forward(packed_[m], tile, buffers.outputs);
        copy_lines(buffers.outputs, padded.outputs, tile.count, shape.outputs,
                   outputs[m] + row * shape.outputs);
      }
    }
  });
}

void LinkMlpEngine::backward(const LinkMlpProblem<float>& problem,
                             const LinkMlpBackward<float>& buffers) {
  pack(problem);
  pool_->run([&](int index) { backward_rows(problem, buffers, index); });
  pool_->run([&](int index) {
    for (auto m = static_cast<std::size_t>(index); m < problem.networks.size();
         m += members_.size()) {
      add_up(problem, buffers, m);
    }
  });
}

void LinkMlpEngine::backward_rows(const LinkMlpProblem<float>& problem,
                                  const LinkMlpBackward<float>& buffers, int index) {
  const LinkMlpShape& shape = problem.shape;
  const PaddedShape padded(shape);
  Member& member = members_[static_cast<std::size_t>(index)];
  const std::int64_t size = sums_size(shape);
  const auto networks = static_cast<std::int64_t>(problem.networks.size());
  float* sums = member.sums.floats(size * networks);
  std::fill_n(sums, size * networks, 0.0F);
  const TileBuffers work(shape, member.tile);
  const auto [first, last] = share_of(problem.count, index, pool_->threads());
  for (std::int64_t row = first; row < last; row += kLinkTileRows) {
    const LinkTile tile{work.rows, std::min(kLinkTileRows, last - row), work.scratch};
    copy_lines(problem.rows + row * shape.inputs, shape.inputs, tile.count, padded.inputs,
               work.rows);
    std::fill_n(work.grad_rows, tile.count * padded.inputs, 0.0F);
    for (std::int64_t m = 0; m < networks; ++m) {
      if (buffers.grad_outputs[m] == nullptr) continue;
      copy_lines(buffers.grad_outputs[m] + row * shape.outputs, shape.outputs, tile.count,
                 padded.outputs, work.outputs);
      kernels_->backward(packed_[m], tile, work.outputs, sums_at(shape, sums + m * size),
                         work.grad_rows);
    }
    copy_lines(work.grad_rows, padded.inputs, tile.count, shape.inputs,
               buffers.grad_rows + row * shape.inputs);
  }
}

void LinkMlpEngine::add_up(const LinkMlpProblem<float>& problem,
                           const LinkMlpBackward<float>& buffers, std::size_t network) {
  const LinkMlpShape& shape = problem.shape;
  const PaddedShape padded(shape);
  const std::int64_t size = sums_size(shape);
  const std::int64_t all = size * static_cast<std::int64_t>(problem.networks.size());
  float* total = members_.front().sums.floats(all) + static_cast<std::int64_t>(network) * size;
  // Members are added in their order, so the sum does not depend on which finished first.
  for (std::size_t other = 1; other < members_.size(); ++other) {
    const float* part =
        members_[other].sums.floats(all) + static_cast<std::int64_t>(network) * size;
    for (std::int64_t i = 0; i < size; ++i) total[i] += part[i];
  }
  const LinkMlpSums sums = sums_at(shape, total);
  const LinkMlpGradients<float>& gradients = buffers.gradients[network];
  copy_lines(sums.first, padded.inputs, shape.hidden, shape.inputs, gradients.first);
  std::copy_n(sums.first_bias, shape.hidden, gradients.first_bias);
  std::copy_n(sums.second_bias, shape.outputs, gradients.second_bias);
  for (std::int64_t l = 0; l < shape.outputs; ++l) {
    for (std::int64_t h = 0; h < shape.hidden; ++h) {
      gradients.second[l * shape.hidden + h] = sums.second[h * padded.outputs + l];
    }
  }
}

}  // namespace paramixer
