#include "core/kernels/mix/mix_engine.hpp"

#include <algorithm>
#include <utility>

namespace paramixer {
namespace {

/// Sequences [first, last) of one thread: contiguous shares with about equal numbers of positions.
std::pair<std::int64_t, std::int64_t> share_of(std::span<const std::int64_t> starts, int member,
                                               int members) {
  const auto boundary = [&](int part) {
    const std::int64_t cut =
        starts.back() / members * part + starts.back() % members * part / members;
    return std::lower_bound(starts.begin(), starts.end() - 1, cut) - starts.begin();
  };
  const std::int64_t sequences = static_cast<std::int64_t>(starts.size()) - 1;
  return {member == 0 ? 0 : boundary(member),
          member + 1 == members ? sequences : boundary(member + 1)};
}

std::int64_t longest(std::span<const std::int64_t> starts,
                     std::pair<std::int64_t, std::int64_t> share) {
  std::int64_t length = 0;
  for (std::int64_t b = share.first; b < share.second; ++b) {
    length = std::max(length, starts[b + 1] - starts[b]);
  }
  return length;
}

}  // namespace

/// One factor on one sequence: where it is in the batch.
struct FactorRun {
  std::int64_t factor = 0;
  std::int64_t start = 0;   ///< First position of the sequence in the batch.
  std::int64_t length = 0;  ///< Positions of the sequence.
};

namespace {

FactorRun whole_sequence(const MixProblem<float>& problem, std::int64_t sequence) {
  return {.start = problem.starts[sequence],
          .length = problem.starts[sequence + 1] - problem.starts[sequence]};
}

/// The run's part of rows [T, E].
template <typename Float>
MixRows<Float> rows_of(const MixProblem<float>& problem, const FactorRun& run, Float* values_te) {
  return {values_te + run.start * problem.channels, problem.channels};
}

/// V of this size fills a last-level cache, where a write would first read what it replaces.
constexpr std::int64_t kStreamedBytes = std::int64_t{32} << 20;

/// Where V of `words` 32-bit words goes.
MixStore store_for(std::int64_t words) {
  return words * static_cast<std::int64_t>(sizeof(float)) < kStreamedBytes ? MixStore::kCached
                                                                           : MixStore::kStreamed;
}

/// The factor of a run on `values`, without segments.
MixFactor factor_of(const MixProblem<float>& problem, const FactorRun& run,
                    const MixRows<const float>& values) {
  MixFactor factor;
  factor.channels = problem.channels;
  factor.values = values.first;
  factor.values_pitch = values.pitch;
  factor.store = store_for(run.length * problem.channels);
  factor.links = problem.pattern->links();
  factor.weights_pitch = factor.links;
  factor.weights = problem.links.weights[run.factor];
  if (problem.links.folded()) {
    factor.row_of = problem.links.row_of.data() + run.start;
  } else {
    factor.weights += run.start * factor.links;
  }
  return factor;
}

/// One of the two halves of `scratch` in turn.
MixRows<float> scratch_of(const MixProblem<float>& problem, const FactorRun& run, float* scratch) {
  return {scratch + (run.factor % 2) * run.length * problem.channels, problem.channels};
}

/// Where a forward run writes V: the output, the state kept for the backward pass, or scratch.
MixRows<float> forward_target(const MixProblem<float>& problem, const MixForward<float>& buffers,
                              const FactorRun& run, float* scratch) {
  if (run.factor + 1 == problem.factors()) return rows_of(problem, run, buffers.output);
  if (buffers.states == nullptr) return scratch_of(problem, run, scratch);
  const std::int64_t state_size = problem.positions() * problem.channels;
  return rows_of(problem, run, buffers.states + run.factor * state_size);
}

/// V before a run, as the forward pass left it.
MixRows<const float> forward_values(const MixProblem<float>& problem,
                                    const MixBackward<float>& buffers, const FactorRun& run) {
  if (run.factor == 0) return rows_of(problem, run, buffers.input);
  const std::int64_t state_size = problem.positions() * problem.channels;
  return rows_of(problem, run, buffers.states + (run.factor - 1) * state_size);
}

/// Where a backward run writes the gradient of its input.
MixRows<float> backward_target(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                               const FactorRun& run, float* scratch) {
  return run.factor == 0 ? rows_of(problem, run, buffers.grad_input)
                         : scratch_of(problem, run, scratch);
}

/// Values of a group of sequences together: small enough for a last-level cache.
constexpr std::int64_t kGroupBytes = std::int64_t{16} << 20;
/// A table of this size does not stay in a core's cache while a sequence passes through all of
/// them.
constexpr std::int64_t kLargeTableBytes = std::int64_t{1} << 20;
/// Positions whose rows of such a table are used by all sequences of a group in turn.
constexpr std::int64_t kSharedRows = 512;

std::int64_t length_of(const MixProblem<float>& problem, std::int64_t sequence) {
  return problem.starts[sequence + 1] - problem.starts[sequence];
}

/// One past the last sequence of the group that starts with `first`: neighbours of one length whose
/// values fit together.
std::int64_t end_of_group(const MixProblem<float>& problem, std::int64_t first) {
  const std::int64_t length = length_of(problem, first);
  // Before and after a factor.
  const std::int64_t bytes =
      2 * length * problem.channels * static_cast<std::int64_t>(sizeof(float));
  std::int64_t last = first + 1;
  while (last < problem.sequences() && length_of(problem, last) == length &&
         (last - first + 1) * bytes <= kGroupBytes) {
    ++last;
  }
  return last;
}

/// Sequences [first, last) of one length.
struct SequenceGroup {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// Floats that carry_packed() needs.
std::int64_t packed_scratch(const MixProblem<float>& problem, const SequenceGroup& group) {
  return 2 * (group.last - group.first) * length_of(problem, group.first) *
         packed_words(problem.channels);
}

/// Runs a group through all factors with V packed. `share(work)` calls work(begin, end) for parts
/// that cover all positions, and returns when they are done.
template <typename Share>
void carry_packed(const MixKernels& kernels, const MixProblem<float>& problem,
                  const MixForward<float>& buffers, const SequenceGroup& group,
                  SegmentCache& segments, float* scratch, const Share& share) {
  const std::int64_t length = length_of(problem, group.first);
  const std::int64_t pitch = packed_words(problem.channels);
  const auto packed = [&](std::int64_t sequence, std::int64_t factor) {
    const std::int64_t array = 2 * (sequence - group.first) + factor % 2;
    return MixRows<std::uint32_t>{
        reinterpret_cast<std::uint32_t*>(scratch) + array * length * pitch, pitch};
  };
  const auto packed_input = [&](std::int64_t sequence, std::int64_t factor) {
    return MixRows<const std::uint32_t>{packed(sequence, factor).first, pitch};
  };
  share([&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = group.first; b < group.last; ++b) {
      kernels.pack({begin, end, problem.channels},
                   rows_of(problem, whole_sequence(problem, b), buffers.input), packed(b, 0));
    }
  });
  for (std::int64_t m = 0; m < problem.factors(); ++m) {
    const auto& all = segments.get(m, length);
    share([&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; i += kSharedRows) {
        const auto own = clipped(all, i, std::min(end, i + kSharedRows));
        for (std::int64_t b = group.first; b < group.last; ++b) {
          FactorRun run = whole_sequence(problem, b);
          run.factor = m;
          MixFactor factor = factor_of(problem, run, {});
          factor.segments = own;
          factor.store = store_for(length * pitch);
          kernels.forward_packed(factor, packed_input(b, m), packed(b, m + 1));
        }
      }
    });
  }
  share([&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = group.first; b < group.last; ++b) {
      kernels.unpack({begin, end, problem.channels}, packed_input(b, problem.factors()),
                     rows_of(problem, whole_sequence(problem, b), buffers.output));
    }
  });
}

/// Whether all sequences have one length and read rows of a large table.
bool shares_table_rows(const MixProblem<float>& problem) {
  if (!problem.links.folded()) return false;
  const std::int64_t bytes =
      problem.links.rows * problem.pattern->links() * static_cast<std::int64_t>(sizeof(float));
  if (bytes < kLargeTableBytes) return false;
  for (std::int64_t b = 1; b < problem.sequences(); ++b) {
    if (length_of(problem, b) != length_of(problem, 0)) return false;
  }
  return true;
}

}  // namespace

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
    const auto share = share_of(problem.starts, index, threads());
    float* scratch = members_[static_cast<std::size_t>(index)].values.floats(
        2 * longest(problem.starts, share) * problem.channels);
    SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
    for (std::int64_t b = share.first; b < share.second; ++b) {
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
      const auto share = share_of(problem.starts, index, threads());
      SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
      for (std::int64_t b = share.first; b < share.second; ++b) {
        const SequenceGroup alone{b, b + 1};
        float* scratch =
            members_[static_cast<std::size_t>(index)].values.floats(packed_scratch(problem, alone));
        carry_packed(*kernels_, problem, buffers, alone, segments, scratch,
                     [&](const auto& work) { work(0, length_of(problem, b)); });
      }
    });
    return;
  }
  SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
  for (SequenceGroup group; group.first < problem.sequences(); group.first = group.last) {
    group.last = end_of_group(problem, group.first);
    const std::int64_t length = length_of(problem, group.first);
    carry_packed(*kernels_, problem, buffers, group, segments,
                 shared_values_.floats(packed_scratch(problem, group)), [&](const auto& work) {
                   pool_->run([&](int index) {
                     work(length * index / threads(), length * (index + 1) / threads());
                   });
                 });
  }
}

void MixEngine::forward_by_positions(const MixProblem<float>& problem,
                                     const MixForward<float>& buffers) {
  SegmentCache segments(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
  std::int64_t first = 0;
  while (first < problem.sequences()) {
    const std::int64_t last = end_of_group(problem, first);
    std::vector<FactorRun> group;
    for (std::int64_t b = first; b < last; ++b) group.push_back(whole_sequence(problem, b));
    forward_group(problem, buffers, group, segments);
    first = last;
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
    const auto share = share_of(problem.starts, index, threads());
    Member& member = members_[static_cast<std::size_t>(index)];
    member.values.floats(2 * longest(problem.starts, share) * problem.channels);
    if (problem.links.folded()) cleared_table(problem, member);
    SegmentCache to_target(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
    SegmentCache to_source(*problem.pattern, problem.boundary, LinkDirection::kToSource);
    for (std::int64_t b = share.first; b < share.second; ++b) {
      backward_sequence(problem, buffers, b, member, to_target, to_source);
    }
  });
}

void MixEngine::backward_sequence(const MixProblem<float>& problem,
                                  const MixBackward<float>& buffers, std::int64_t sequence,
                                  Member& member, SegmentCache& to_target,
                                  SegmentCache& to_source) {
  FactorRun run = whole_sequence(problem, sequence);
  float* scratch = member.values.floats(2 * run.length * problem.channels);
  MixRows<const float> grad = rows_of(problem, run, buffers.grad_output);
  for (run.factor = problem.factors() - 1; run.factor >= 0; --run.factor) {
    MixFactor factor = factor_of(problem, run, grad);
    const auto targets = clipped(to_target.get(run.factor, run.length), 0, run.length);
    factor.segments = targets;
    add_weight_gradient(problem, buffers, run, factor, member);
    const auto sources = clipped(to_source.get(run.factor, run.length), 0, run.length);
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
  SegmentCache to_target(*problem.pattern, problem.boundary, LinkDirection::kToTarget);
  SegmentCache to_source(*problem.pattern, problem.boundary, LinkDirection::kToSource);
  for (std::int64_t b = 0; b < problem.sequences(); ++b) {
    FactorRun run = whole_sequence(problem, b);
    MixRows<const float> grad = rows_of(problem, run, buffers.grad_output);
    for (run.factor = problem.factors() - 1; run.factor >= 0; --run.factor) {
      const auto& targets = to_target.get(run.factor, run.length);
      const auto& sources = to_source.get(run.factor, run.length);
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
