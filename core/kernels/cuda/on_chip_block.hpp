#pragma once

#include <type_traits>

#include "core/kernels/cuda/cuda_factor.hpp"

namespace paramixer {

/// All factors on a whole batch, for the kernel that keeps a sequence on the chip.
template <typename Real>
struct OnChipMix {
  CudaLinks links;  ///< offsets are [M, L] here.
  std::int64_t channels;
  std::int64_t rows;
  std::int32_t factors;
  const std::int32_t* row_of;
  const Real* input;   ///< [T, E]
  Real* output;        ///< [T, E]
  Real* states;        ///< [M - 1, T, E] or null: what follows each factor but the last one done.
  bool table_on_chip;  ///< The factor's folded table is copied to shared memory.
  const Real* weights[kMaxCudaFactors];
};

/// Mixing is independent per channel: a block holds kWords words of channels of every position of
/// one sequence in shared memory and takes them through all factors. A thread keeps the new values
/// of its kSlots positions in registers until the whole block has read the old ones.
///
/// kSelf is the forward pass. kNeighbour is the backward pass of the values: factors in reverse,
/// links from the other end; `states[m - 1]` then is the gradient of the output of factor m - 1.
///
/// Channels must be a multiple of kChannels.
///
/// `Block` runs the phases: all threads of a phase are done before the next one begins.
template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
struct OnChipBlock {
  static constexpr std::int32_t kThreads = 512;
  static constexpr std::int32_t kGroup = 4;  ///< Positions whose sums a thread forms together.
  static constexpr std::int32_t kChannels = kWords * kChannelsPerWord<Real>;
  static constexpr std::int64_t kMaxLength = std::int64_t{kThreads} * kSlots;

  using Words = ChannelWords<kWords>;
  struct Thread {
    Words held[kSlots];
  };

  static std::int64_t table_floats(std::int64_t rows, std::int64_t links) {
    return rows * (links | 1);
  }
  /// Bytes of shared memory for sequences up to `longest`; `table` is table_floats() or 0.
  static std::int64_t shared_bytes(std::int64_t longest, std::int64_t links, std::int64_t table) {
    return longest * 4 * kWords + (links + table) * 4;
  }

  OnChipMix<Real> mix;
  std::int64_t longest;  ///< Of the batch: where the rest of shared memory begins.

  /// Shared memory and what is the same for all threads of a block.
  struct Place {
    SequencePlace sequence;
    std::int64_t channel;  ///< First one of the block.
    Words* values;         ///< [longest]
    std::int32_t* steps;   ///< [L] of the current factor.
    float* table;          ///< [rows, L | 1]: an odd row length spreads the rows over the banks.
  };

  template <typename Block>
  PARAMIXER_HOST_DEVICE void run(std::int64_t block_number, Block& block) const {
    const Place place = locate(block_number, block.shared());
    if (place.sequence.length == 0) return;
    block.phase([&](std::int32_t thread, Thread&) {
      for (std::int32_t i = thread; i < place.sequence.length; i += kThreads) {
        place.values[i] = *words_at(place, i, mix.input);
      }
      stage_links(place, factor_of(0), thread);
    });
    for (std::int32_t done = 0; done < mix.factors; ++done) {
      block.phase([&](std::int32_t thread, Thread& own) {
        gather(place, factor_of(done), opaque(thread), own);
      });
      block.phase([&](std::int32_t thread, Thread& own) {
        keep(place, done, opaque(thread), own);
        if (done + 1 < mix.factors) stage_links(place, factor_of(done + 1), thread);
      });
    }
  }

 private:
  PARAMIXER_HOST_DEVICE std::int32_t factor_of(std::int32_t done) const {
    return kOwner == LinkOwner::kSelf ? done : mix.factors - 1 - done;
  }

  PARAMIXER_HOST_DEVICE Place locate(std::int64_t block_number, unsigned char* shared) const {
    const std::int64_t groups = mix.channels / kChannels;
    const std::int64_t sequence = block_number / groups;
    Place place;
    place.sequence.start = mix.links.starts[sequence];
    place.sequence.length =
        static_cast<std::int32_t>(mix.links.starts[sequence + 1] - place.sequence.start);
    place.channel = block_number % groups * kChannels;
    place.values = reinterpret_cast<Words*>(shared);
    place.steps = reinterpret_cast<std::int32_t*>(place.values + longest);
    place.table = reinterpret_cast<float*>(place.steps + mix.links.links);
    return place;
  }

  /// The block's channels of position i in an array [T, E].
  template <typename Value>
  PARAMIXER_HOST_DEVICE auto* words_at(const Place& place, std::int32_t i, Value* all) const {
    using Target = std::conditional_t<std::is_const_v<Value>, const Words, Words>;
    return reinterpret_cast<Target*>(all + (place.sequence.start + i) * mix.channels +
                                     place.channel);
  }

  /// Steps and, if it is to lie there, the table of factor m into shared memory.
  PARAMIXER_HOST_DEVICE void stage_links(const Place& place, std::int32_t m,
                                         std::int32_t thread) const {
    const std::int32_t links = mix.links.links;
    for (std::int32_t k = thread; k < links; k += kThreads) {
      place.steps[k] = link_step<kOwner>(mix.links.offsets[std::int64_t{m} * links + k],
                                         place.sequence.length, mix.links.boundary);
    }
    if (!mix.table_on_chip) return;
    const auto entries = static_cast<std::int32_t>(mix.rows) * links;
    for (std::int32_t entry = thread; entry < entries; entry += kThreads) {
      place.table[entry / links * (links | 1) + entry % links] = to_float(mix.weights[m][entry]);
    }
  }

  /// New values of the thread's positions, from shared memory into registers.
  PARAMIXER_HOST_DEVICE void gather(const Place& place, std::int32_t m, std::int32_t thread,
                                    Thread& own) const {
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kSlots; slot += kGroup) {
      const std::int32_t first = thread + slot * kThreads;
      if (first < place.sequence.length) {
        float sum[kGroup][kChannels];
        gather_group(place, m, first, sum);
        PARAMIXER_UNROLL
        for (std::int32_t n = 0; n < kGroup; ++n) own.held[slot + n] = pack<Real, kWords>(sum[n]);
      }
    }
  }

  /// kGroup positions, kThreads apart. Those beyond the end repeat the first one.
  PARAMIXER_HOST_DEVICE void gather_group(const Place& place, std::int32_t m, std::int32_t first,
                                          float (&sum)[kGroup][kChannels]) const {
    std::int32_t position[kGroup];
    std::int64_t row[kGroup];
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kGroup; ++n) {
      position[n] = first + n * kThreads;
      if (position[n] >= place.sequence.length) position[n] = first;
      if (kOwner == LinkOwner::kSelf) row[n] = row_at(place, position[n]);
      unpack<Real, kWords>(place.values[position[n]], sum[n]);
    }
    PARAMIXER_NO_UNROLL
    for (std::int32_t k = 0; k < mix.links.links; ++k) {
      const std::int32_t step = place.steps[k];
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < kGroup; ++n) {
        std::int32_t j = step_from(position[n], step, place.sequence.length, mix.links.boundary);
        const bool lands = j >= 0;
        if (!lands) j = position[n];
        float weight =
            weight_of(place, m, kOwner == LinkOwner::kSelf ? row[n] : row_at(place, j), k);
        if (!lands) weight = 0.0F;
        float value[kChannels];
        unpack<Real, kWords>(place.values[j], value);
        PARAMIXER_UNROLL
        for (std::int32_t c = 0; c < kChannels; ++c) sum[n][c] += weight * value[c];
      }
    }
  }

  PARAMIXER_HOST_DEVICE std::int64_t row_at(const Place& place, std::int32_t i) const {
    const std::int64_t position = place.sequence.start + i;
    return mix.row_of != nullptr ? mix.row_of[position] : position;
  }

  PARAMIXER_HOST_DEVICE float weight_of(const Place& place, std::int32_t m, std::int64_t row,
                                        std::int32_t k) const {
    const std::int32_t links = mix.links.links;
    if (mix.table_on_chip) return place.table[static_cast<std::int32_t>(row) * (links | 1) + k];
    return to_float(mix.weights[m][row * links + k]);
  }

  /// The new values back into shared memory, and to where the caller wants them.
  PARAMIXER_HOST_DEVICE void keep(const Place& place, std::int32_t done, std::int32_t thread,
                                  const Thread& own) const {
    const bool last = done + 1 == mix.factors;
    Real* target = last ? mix.output : nullptr;
    if (!last && mix.states != nullptr) {
      const std::int32_t state = kOwner == LinkOwner::kSelf ? done : mix.factors - 2 - done;
      target = mix.states + state * mix.links.positions * mix.channels;
    }
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kSlots; ++slot) {
      const std::int32_t i = thread + slot * kThreads;
      if (i < place.sequence.length) {
        place.values[i] = own.held[slot];
        if (target != nullptr) *words_at(place, i, target) = own.held[slot];
      }
    }
  }
};

}  // namespace paramixer
