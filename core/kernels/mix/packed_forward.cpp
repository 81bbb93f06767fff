#include "core/kernels/mix/packed_forward.hpp"

#include <algorithm>

#include "core/kernels/mix/factor_run.hpp"
#include "core/kernels/mix/packed_values.hpp"

namespace paramixer {

PackedForward::PackedForward(const MixKernels& kernels, const MixProblem<float>& problem,
                             const MixForward<float>& buffers)
    : kernels_(kernels),
      problem_(problem),
      buffers_(buffers),
      segments_(*problem.pattern, problem.boundary, LinkDirection::kToTarget) {}

std::int64_t PackedForward::scratch_size(const SequenceRange& group) const {
  return 2 * (group.last - group.first) * length_of(problem_, group.first) *
         packed_words(problem_.channels);
}

void PackedForward::carry(const SequenceRange& group, float* scratch,
                          const PositionSharing& share) {
  const std::int64_t length = length_of(problem_, group.first);
  const std::int64_t pitch = packed_words(problem_.channels);
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
      kernels_.pack({begin, end, problem_.channels},
                    rows_of(problem_, whole_sequence(problem_, b), buffers_.input), packed(b, 0));
    }
  });
  for (std::int64_t m = 0; m < problem_.factors(); ++m) {
    const auto& all = segments_.get(m, length);
    share([&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; i += kSharedRows) {
        const auto own = clipped(all, i, std::min(end, i + kSharedRows));
        for (std::int64_t b = group.first; b < group.last; ++b) {
          FactorRun run = whole_sequence(problem_, b);
          run.factor = m;
          MixFactor factor = factor_of(problem_, run, {});
          factor.segments = own;
          factor.store = store_for(length * pitch);
          kernels_.forward_packed(factor, packed_input(b, m), packed(b, m + 1));
        }
      }
    });
  }
  share([&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = group.first; b < group.last; ++b) {
      kernels_.unpack({begin, end, problem_.channels}, packed_input(b, problem_.factors()),
                      rows_of(problem_, whole_sequence(problem_, b), buffers_.output));
    }
  });
}

}  // namespace paramixer
