#include "core/kernels/mix/factor_run.hpp"

namespace paramixer {
namespace {

/// V of a sequence of this size fills a last-level cache: writing it there would first read what
/// it replaces.
constexpr std::int64_t kStreamedBytes = std::int64_t{32} << 20;

/// One of the two halves of `scratch` in turn.
MixRows<float> scratch_of(const MixProblem<float>& problem, const FactorRun& run, float* scratch) {
  return {scratch + (run.factor % 2) * run.length * problem.channels, problem.channels};
}

}  // namespace

FactorRun whole_sequence(const MixProblem<float>& problem, std::int64_t sequence) {
  return {.start = problem.starts[sequence],
          .length = problem.starts[sequence + 1] - problem.starts[sequence]};
}

MixStore store_for(std::int64_t words) {
  return words * static_cast<std::int64_t>(sizeof(float)) < kStreamedBytes ? MixStore::kCached
                                                                           : MixStore::kStreamed;
}

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

MixRows<float> forward_target(const MixProblem<float>& problem, const MixForward<float>& buffers,
                              const FactorRun& run, float* scratch) {
  if (run.factor + 1 == problem.factors()) return rows_of(problem, run, buffers.output);
  if (buffers.states == nullptr) return scratch_of(problem, run, scratch);
  const std::int64_t state_size = problem.positions() * problem.channels;
  return rows_of(problem, run, buffers.states + run.factor * state_size);
}

MixRows<const float> forward_values(const MixProblem<float>& problem,
                                    const MixBackward<float>& buffers, const FactorRun& run) {
  if (run.factor == 0) return rows_of(problem, run, buffers.input);
  const std::int64_t state_size = problem.positions() * problem.channels;
  return rows_of(problem, run, buffers.states + (run.factor - 1) * state_size);
}

MixRows<float> backward_target(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                               const FactorRun& run, float* scratch) {
  return run.factor == 0 ? rows_of(problem, run, buffers.grad_input)
                         : scratch_of(problem, run, scratch);
}

}  // namespace paramixer
