#include "core/kernels/mix/mix_engine.hpp"

#include <algorithm>
#include <utility>

#include "core/kernels/mix/batch_shares.hpp"
#include "core/kernels/mix/factor_run.hpp"
#include "core/kernels/mix/packed_forward.hpp"

namespace paramixer {

/// The segments of a backward pass.
struct MixEngine::BothSegments {
  explicit BothSegments(const MixProblem<float>& problem)
      : to_target(*problem.pattern, problem.boundary, LinkDirection::kToTarget),
        to_source(*problem.pattern, problem.boundary, LinkDirection::kToSource) {}

  SegmentCache to_target;
  SegmentCache to_source;
};

MixEngine::MixEngine(int threads) : MixEngine(threads, *available_mix_kernels().front()) {}

MixEngine::MixEngine(int threads, const MixKernels& kernels, MixSharing sharing)
    : kernels_(&kernels),
      pool_(std::make_shared<ThreadPool>(threads)),
      sharing_(sharing),
      members_(static_cast<std::size_t>(threads)) {}

bool MixEngine::shares_positions(std::span<const std::int64_t> starts) const {
  if (sharing_ != MixSharing::kAuto) return sharing_ == MixSharing::kPositions;
  // Below this size a factor takes less time than waking the threads for it.
  constexpr std::int64_t kFewPositions = 8192;
  if (threads() == 1 || starts.back() < kFewPositions) return false;
  std::int64_t largest = 0;
  for (int index = 0; index < threads(); ++index) {
    const auto [first, last] = share_of(starts, index, threads());
    largest = std::max(largest, starts[last] - starts[first]);
  }
  return 4 * largest * threads() > 5 * starts.back();
}

bool MixEngine::forward_shares_positions(const MixProblem<float>& problem) const {
  return shares_positions(problem.starts) ||
         (sharing_ == MixSharing::kAuto && shares_table_rows(problem));
}

void MixEngine::forward(const MixProblem<float>& problem, const MixForward<float>& buffers) {
  if (problem.factors() == 0) {
    std::copy_n(buffers.input, problem.positions() * problem.channels, buffers.output);
  } else if (buffers.storage == ValueStorage::kBfloat16) {
    forward_packed(problem, buffers);
  } else if (forward_shares_positions(problem)) {
    forward_by_positions(problem, buffers);
  } else {
    forward_by_sequences(problem, buffers);
  }
}

void MixEngine::forward_by_sequences(const MixProblem<float>& problem,
                                     const MixForward<float>& buffers) {
  pool_->run([&](int index) {
    const SequenceRange share = share_of(problem.starts, index, threads());
    float* scratch = members_[static_cast<std::size_t>(index)].values.floats(
        2 * longest(problem.starts, share) * problem.channels);
    SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
    for (std::int64_t b = share.first; b < share.last; ++b) {
      FactorRun run = whole_sequence(problem, b);
      MixRows<const float> values = rows_of(problem, run, buffers.input);
      for (; run.factor < problem.factors(); ++run.factor) {
        const auto views = clipped(segments.get(run.factor, run.length), 0, run.length);
        MixFactor factor = factor_of(problem, run, values);
        factor.segments = views;
        const MixRows<float> target = forward_target(problem, buffers, run, scratch);
        kernels_->forward(factor, target);
        values = {target.first, target.pitch};
      }
    }
  });
}

void MixEngine::forward_packed(const MixProblem<float>& problem, const MixForward<float>& buffers) {
  if (!forward_shares_positions(problem)) {
    pool_->run([&](int index) {
      const SequenceRange share = share_of(problem.starts, index, threads());
      PackedForward pass(*kernels_, problem, buffers);
      for (std::int64_t b = share.first; b < share.last; ++b) {
        const SequenceRange alone{b, b + 1};
        Workspace& workspace = members_[static_cast<std::size_t>(index)].values;
        pass.carry(alone, workspace.floats(pass.scratch_size(alone)),
                   [&](const PositionWork& work) { work(0, length_of(problem, b)); });
      }
    });
    return;
  }
  PackedForward pass(*kernels_, problem, buffers);
  for (SequenceRange group; group.last < problem.sequences();) {
    group = group_from(problem, group.last);
    const std::int64_t length = length_of(problem, group.first);
    pass.carry(group, shared_values_.floats(pass.scratch_size(group)),
               [&](const PositionWork& work) {
                 pool_->run([&](int index) {
                   work(length * index / threads(), length * (index + 1) / threads());
                 });
               });
  }
}

void MixEngine::forward_by_positions(const MixProblem<float>& problem,
                                     const MixForward<float>& buffers) {
  SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
  for (SequenceRange range; range.last < problem.sequences();) {
    range = group_from(problem, range.last);
    std::vector<FactorRun> group;
    for (std::int64_t b = range.first; b < range.last; ++b) {
      group.push_back(whole_sequence(problem, b));
    }
    forward_group(problem, buffers, group, segments);
  }
}

void MixEngine::forward_group(const MixProblem<float>& problem, const MixForward<float>& buffers,
                              std::vector<FactorRun>& group, SegmentCache& segments) {
  const std::int64_t length = group.front().length;
  const std::int64_t scratch_size = 2 * length * problem.channels;
  float* scratch = shared_values_.floats(scratch_size * std::ssize(group));
  std::vector<MixRows<const float>> values;
  for (const FactorRun& run : group) values.push_back(rows_of(problem, run, buffers.input));
  for (std::int64_t m = 0; m < problem.factors(); ++m) {
    const auto& all = segments.get(m, length);
    std::vector<MixRows<float>> targets;
    for (std::size_t g = 0; g < group.size(); ++g) {
      group[g].factor = m;
      targets.push_back(forward_target(problem, buffers, group[g],
                                       scratch + static_cast<std::int64_t>(g) * scratch_size));
    }
    pool_->run([&](int index) {
      const std::int64_t end = length * (index + 1) / threads();
      for (std::int64_t i = length * index / threads(); i < end; i += kSharedRows) {
        const auto own = clipped(all, i, std::min(end, i + kSharedRows));
        for (std::size_t g = 0; g < group.size(); ++g) {
          MixFactor factor = factor_of(problem, group[g], values[g]);
          factor.segments = own;
          kernels_->forward(factor, targets[g]);
        }
      }
    });
    for (std::size_t g = 0; g < group.size(); ++g) values[g] = {targets[g].first, targets[g].pitch};
  }
}

void MixEngine::backward(const MixProblem<float>& problem, const MixBackward<float>& buffers) {
  if (problem.factors() == 0) {
    std::copy_n(buffers.grad_output, problem.positions() * problem.channels, buffers.grad_input);
    return;
  }
  if (shares_positions(problem.starts)) {
    backward_by_positions(problem, buffers);
  } else {
    backward_by_sequences(problem, buffers);
  }
  if (problem.links.folded()) sum_weight_gradients(problem, buffers);
}

float* MixEngine::cleared_table(const MixProblem<float>& problem, Member& member) {
  const std::int64_t size =
      problem.factors() * problem.links.rows * padded_links(problem.pattern->links());
  float* table = member.grad_weights.floats(size);
  std::fill_n(table, size, 0.0F);
  return table;
}

void MixEngine::backward_by_sequences(const MixProblem<float>& problem,
                                      const MixBackward<float>& buffers) {
  pool_->run([&](int index) {
    const SequenceRange share = share_of(problem.starts, index, threads());
    Member& member = members_[static_cast<std::size_t>(index)];
    member.values.floats(2 * longest(problem.starts, share) * problem.channels);
    if (problem.links.folded()) cleared_table(problem, member);
    BothSegments segments(problem);
    for (std::int64_t b = share.first; b < share.last; ++b) {
      backward_sequence(problem, buffers, b, member, segments);
    }
  });
}

void MixEngine::backward_sequence(const MixProblem<float>& problem,
                                  const MixBackward<float>& buffers, std::int64_t sequence,
                                  Member& member, BothSegments& segments) {
  FactorRun run = whole_sequence(problem, sequence);
  float* scratch = member.values.floats(2 * run.length * problem.channels);
  MixRows<const float> grad = rows_of(problem, run, buffers.grad_output);
  for (run.factor = problem.factors() - 1; run.factor >= 0; --run.factor) {
    MixFactor factor = factor_of(problem, run, grad);
    const auto targets = clipped(segments.to_target.get(run.factor, run.length), 0, run.length);
    factor.segments = targets;
    add_weight_gradient(problem, buffers, run, factor, member);
    const auto sources = clipped(segments.to_source.get(run.factor, run.length), 0, run.length);
    factor.segments = sources;
    const MixRows<float> target = backward_target(problem, buffers, run, scratch);
    kernels_->backward_values(factor, target);
    grad = {target.first, target.pitch};
  }
}

void MixEngine::backward_by_positions(const MixProblem<float>& problem,
                                      const MixBackward<float>& buffers) {
  float* scratch = shared_values_.floats(2 * longest(problem.starts, {0, problem.sequences()}) *
                                         problem.channels);
  if (problem.links.folded()) {
    pool_->run(
        [&](int index) { cleared_table(problem, members_[static_cast<std::size_t>(index)]); });
  }
  BothSegments segments(problem);
  for (std::int64_t b = 0; b < problem.sequences(); ++b) {
    FactorRun run = whole_sequence(problem, b);
    MixRows<const float> grad = rows_of(problem, run, buffers.grad_output);
    for (run.factor = problem.factors() - 1; run.factor >= 0; --run.factor) {
      const auto& targets = segments.to_target.get(run.factor, run.length);
      const auto& sources = segments.to_source.get(run.factor, run.length);
      const MixRows<float> target = backward_target(problem, buffers, run, scratch);
      pool_->run([&](int index) {
        const std::int64_t begin = run.length * index / threads();
        const std::int64_t end = run.length * (index + 1) / threads();
        MixFactor factor = factor_of(problem, run, grad);
        const auto own_targets = clipped(targets, begin, end);
        factor.segments = own_targets;
        add_weight_gradient(problem, buffers, run, factor,
                            members_[static_cast<std::size_t>(index)]);
        const auto own_sources = clipped(sources, begin, end);
        factor.segments = own_sources;
        kernels_->backward_values(factor, target);
      });
      grad = {target.first, target.pitch};
    }
  }
}

void MixEngine::add_weight_gradient(const MixProblem<float>& problem,
                                    const MixBackward<float>& buffers, const FactorRun& run,
                                    const MixFactor& factor, Member& member) {
  if (factor.segments.empty()) return;
  const std::int64_t links = problem.pattern->links();
  const std::int64_t padded = padded_links(links);
  const MixRows<const float> inputs = forward_values(problem, buffers, run);
  if (problem.links.folded()) {
    float* table = member.grad_weights.floats(problem.factors() * problem.links.rows * padded);
    kernels_->backward_weights(factor, inputs,
                               {table + run.factor * problem.links.rows * padded, padded});
    return;
  }
  const std::int64_t begin = factor.segments.front().begin;
  const std::int64_t count = factor.segments.back().end - begin;
  float* rows = member.grad_weights.floats(count * padded);
  std::fill_n(rows, count * padded, 0.0F);
  kernels_->backward_weights(factor, inputs, {rows - begin * padded, padded});
  float* target = buffers.grad_weights[run.factor] + (run.start + begin) * links;
  for (std::int64_t i = 0; i < count; ++i) {
    std::copy_n(rows + i * padded, links, target + i * links);
  }
}

void MixEngine::sum_weight_gradients(const MixProblem<float>& problem,
                                     const MixBackward<float>& buffers) {
  const std::int64_t links = problem.pattern->links();
  const std::int64_t padded = padded_links(links);
  const std::int64_t rows = problem.links.rows;
  pool_->run([&](int index) {
    // Members are added in their order, so the sum does not depend on which finished first.
    for (std::int64_t m = index; m < problem.factors(); m += threads()) {
      float* target = buffers.grad_weights[m];
      for (std::size_t source = 0; source < members_.size(); ++source) {
        const float* table =
            members_[source].grad_weights.floats(problem.factors() * rows * padded) +
            m * rows * padded;
        for (std::int64_t row = 0; row < rows; ++row) {
          for (std::int64_t k = 0; k < links; ++k) {
            const float value = table[row * padded + k];
            float& sum = target[row * links + k];
            sum = source == 0 ? value : sum + value;
          }
        }
      }
    }
  });
}

}  // namespace paramixer
