#pragma once

#include <cstdint>

#include "core/kernels/mix/mix.hpp"
#include "core/kernels/mix/mix_factor.hpp"

namespace paramixer {

/// One factor applied to one sequence of a batch. The functions below say which parts of the
/// batch's arrays it reads and writes.
struct FactorRun {
  std::int64_t factor = 0;
  std::int64_t start = 0;   ///< First position of the sequence in the batch.
  std::int64_t length = 0;  ///< Positions of the sequence.
};

/// Factor 0 on a sequence.
FactorRun whole_sequence(const MixProblem<float>& problem, std::int64_t sequence);

/// The run's part of rows [T, E].
template <typename Float>
MixRows<Float> rows_of(const MixProblem<float>& problem, const FactorRun& run, Float* values_te) {
  return {values_te + run.start * problem.channels, problem.channels};
}

/// How to write V of `words` 32-bit words.
MixStore store_for(std::int64_t words);

/// The factor of a run on `values`, without segments.
MixFactor factor_of(const MixProblem<float>& problem, const FactorRun& run,
                    const MixRows<const float>& values);

/// Where a forward run writes V: the output, the state kept for the backward pass, or one of the
/// two halves of `scratch` [2, length, E] in turn.
MixRows<float> forward_target(const MixProblem<float>& problem, const MixForward<float>& buffers,
                              const FactorRun& run, float* scratch);

/// V before a run, as the forward pass left it.
MixRows<const float> forward_values(const MixProblem<float>& problem,
                                    const MixBackward<float>& buffers, const FactorRun& run);

/// Where a backward run writes the gradient of its input: grad_input, or one of the two halves of
/// `scratch` in turn.
MixRows<float> backward_target(const MixProblem<float>& problem, const MixBackward<float>& buffers,
                               const FactorRun& run, float* scratch);

}  // namespace paramixer
