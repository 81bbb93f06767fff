#pragma once

#include <cstdint>
#include <functional>

#include "core/kernels/mix/batch_shares.hpp"
#include "core/kernels/mix/mix.hpp"
#include "core/kernels/mix/mix_factor.hpp"
#include "core/kernels/mix/segment_cache.hpp"

namespace paramixer {

/// Work on the positions [begin, end) of every sequence of a group.
using PositionWork = std::function<void(std::int64_t begin, std::int64_t end)>;
/// Calls the work for parts that cover all positions of a group, in any order and on any threads,
/// and returns when they are done.
using PositionSharing = std::function<void(const PositionWork& work)>;

/// The forward pass with V stored as bfloat16 (packed_values.hpp). Keeps references to what it is
/// made of. Only the work given to a PositionSharing may run on several threads.
class PackedForward {
 public:
  PackedForward(const MixKernels& kernels, const MixProblem<float>& problem,
                const MixForward<float>& buffers);

  /// Floats of scratch memory that carry() needs.
  std::int64_t scratch_size(const SequenceRange& group) const;

  /// Carries a group of sequences of one length through all factors.
  void carry(const SequenceRange& group, float* scratch, const PositionSharing& share);

 private:
  const MixKernels& kernels_;
  const MixProblem<float>& problem_;
  const MixForward<float>& buffers_;
  SegmentCache segments_;
};

}  // namespace paramixer
