#pragma once

#include <type_traits>

#include "core/kernels/cuda/cuda_factor.hpp"

namespace paramixer {

/// All factors of folded links on a whole batch, for the kernel that keeps a sequence and a
/// factor's table on the chip.
template <typename Real>
struct OnChipMix {
  CudaLinks links;  ///< offsets are [M, L] here.
  std::int64_t channels;
  std::int64_t rows;  ///< Rows of a table.
  std::int32_t factors;
  const std::int32_t* row_of;  ///< [T]
  const Real* input;           ///< [T, E], or with input_row [rows, E]
  Real* output;                ///< [T, E]
  Real* states;  ///< [M - 1, T, E] or null: what follows each factor but the last one done.
  const std::int32_t* input_row;  ///< [T] or null: the row is the position.
  const Real* weights[kMaxCudaFactors];
};

/// Mixing is independent per channel: a block holds kWords words of channels of every position of
/// one sequence in shared memory and takes them through all factors.
///
/// A warp forms the sums of kRun neighbouring positions, a run, together. A link leads all of them
/// to kRun neighbouring positions as well, which the lanes read without bank conflicts and without
/// asking each where the sequence ends: what is found beyond the end, zeros or a ring's beginning,
/// is kept there for kRun positions more. Where the links lead a run is computed once for all
/// lanes.
///
/// New values of the first half of a sequence stay in registers until the whole block has read the
/// old ones; those of the second half go to a third buffer, which takes the place of the second.
///
/// kSelf is the forward pass. kNeighbour is the backward pass of the values: factors in reverse,
/// links from the other end; `states[m - 1]` then is the gradient of the output of factor m - 1.
///
/// Channels must be a multiple of kChannels.
///
/// `Block` runs the phases: all threads of a phase are done before the next one begins.
template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
struct OnChipBlock {
  static constexpr std::int32_t kThreads = 1024;
  static constexpr std::int32_t kWarps = kThreads / 32;
  static constexpr std::int32_t kChannels = kWords * kChannelsPerWord<Real>;
  static constexpr std::int32_t kGroup = 4 / kWords;  ///< Positions of a run that a lane has.
  static constexpr std::int32_t kRun = 32 * kGroup;
  static constexpr std::int64_t kMaxLength = std::int64_t{kThreads} * kSlots;
  static constexpr std::int32_t kHeld = kSlots / 2;
  static_assert(kHeld % kGroup == 0);

  using Words = ChannelWords<kWords>;
  using Four = ChannelWords<4>;
  struct Thread {
    Words held[kHeld];
  };

  OnChipMix<Real> mix;
  std::int64_t longest;  ///< How shared memory is divided for the batch.

  /// Terms of a sum: the links, and the position itself as one more of weight 1.
  static PARAMIXER_HOST_DEVICE std::int32_t terms(std::int32_t links) { return links + 1; }
  /// Entries of a row of targets or of the table: an odd number of fours, which spreads rows over
  /// the banks. Those behind the terms are zeros.
  static PARAMIXER_HOST_DEVICE std::int32_t row_entries(std::int32_t links) {
    return 4 * ((terms(links) + 3) / 4 | 1);
  }
  /// Positions of the first half of a sequence, or of what is kept for sequences up to `length`.
  static PARAMIXER_HOST_DEVICE std::int32_t half_of(std::int64_t length) {
    return static_cast<std::int32_t>((length + 2 * kRun - 1) / (2 * kRun)) * kRun;
  }
  /// Bytes of shared memory for sequences up to `longest` and tables of `rows`.
  static std::int64_t shared_bytes(std::int64_t longest, std::int64_t links, std::int64_t rows) {
    const std::int64_t row = row_entries(static_cast<std::int32_t>(links));
    const std::int64_t half = half_of(longest);
    return (kRun + 3 * (half + kRun)) * 4 * kWords + 2 * half / kRun * row * 4 + rows * row * 4;
  }

  template <typename Block>
  PARAMIXER_HOST_DEVICE void run(std::int64_t block_number, Block& block) const {
    Place place = locate(block_number, block.shared());
    if (place.sequence.length == 0) return;
    block.phase([&](std::int32_t thread, Thread&) {
      load_values(place, thread);
      stage_links(place, factor_of(0), place.second, thread);
    });
    for (std::int32_t done = 0; done < mix.factors; ++done) {
      block.phase([&](std::int32_t thread, Thread& own) {
        gather_second_half(place, done, opaque(thread));
        gather_first_half(place, opaque(thread), own);
      });
      block.phase([&](std::int32_t thread, Thread& own) {
        keep_first_half(place, done, opaque(thread), own);
        if (done + 1 < mix.factors) {
          stage_links(place, factor_of(done + 1), place.spare, thread);
        }
      });
      Words* const read = place.second;
      place.second = place.spare;
      place.spare = read;
    }
  }

 private:
  /// Shared memory and what is the same for all threads of a block. Position x of the sequence,
  /// counted on beyond its end, lies at first[x] when x < half + kRun, and at second[x - half] when
  /// x >= half: either buffer can be read kRun positions beyond its half.
  struct Place {
    SequencePlace sequence;
    std::int64_t channel;  ///< First one of the block.
    std::int32_t half;
    Words* first;           ///< [-kRun, half + kRun)
    Words* second;          ///< [half + kRun)
    Words* spare;           ///< [half + kRun): the next `second`.
    std::int32_t* targets;  ///< [runs, row_entries()]: where terms lie, in bytes from `first`.
    float* table;           ///< [rows, row_entries()] of the current factor.
  };

  PARAMIXER_HOST_DEVICE std::int32_t factor_of(std::int32_t done) const {
    return kOwner == LinkOwner::kSelf ? done : mix.factors - 1 - done;
  }

  PARAMIXER_HOST_DEVICE bool on_ring() const { return mix.links.boundary == Boundary::kRing; }

  PARAMIXER_HOST_DEVICE Place locate(std::int64_t block_number, unsigned char* shared) const {
    const std::int64_t groups = mix.channels / kChannels;
    const std::int64_t sequence = block_number / groups;
    const std::int32_t most = half_of(longest);
    Place place;
    place.sequence.start = mix.links.starts[sequence];
    place.sequence.length =
        static_cast<std::int32_t>(mix.links.starts[sequence + 1] - place.sequence.start);
    place.channel = block_number % groups * kChannels;
    place.half = half_of(place.sequence.length);
    place.first = reinterpret_cast<Words*>(shared) + kRun;
    place.second = place.first + most + kRun;
    place.spare = place.second + most + kRun;
    place.targets = reinterpret_cast<std::int32_t*>(place.spare + most + kRun);
    place.table =
        reinterpret_cast<float*>(place.targets + 2 * most / kRun * row_entries(mix.links.links));
    return place;
  }

  PARAMIXER_HOST_DEVICE void load_values(const Place& place, std::int32_t thread) const {
    for (std::int32_t i = thread; i < place.sequence.length; i += kThreads) {
      const std::int64_t t = place.sequence.start + i;
      const std::int64_t row = mix.input_row != nullptr ? mix.input_row[t] : t;
      const Real* const from = mix.input + row * mix.channels + place.channel;
      const Words words = *reinterpret_cast<const Words*>(from);
      put_at(place, place.second, i, words);
      if (i < kRun) put_beyond(place, place.second, i, words);
    }
    if (on_ring()) return;
    for (std::int32_t i = thread; i < kRun; i += kThreads) {
      place.first[i - kRun] = Words{};
      put_at(place, place.second, place.sequence.length + i, Words{});
      put_at(place, place.spare, place.sequence.length + i, Words{});
    }
  }

  /// The values of position i of the first run to where a ring is read beyond its end.
  PARAMIXER_HOST_DEVICE void put_beyond(const Place& place, Words* second, std::int32_t i,
                                        const Words& words) const {
    if (!on_ring()) return;
    const std::int32_t length = place.sequence.length;
    for (std::int32_t x = i + length; x < length + kRun; x += length) {
      put_at(place, second, x, words);
    }
  }

  static PARAMIXER_HOST_DEVICE void put_at(const Place& place, Words* second, std::int32_t x,
                                           const Words& words) {
    if (x < place.half + kRun) place.first[x] = words;
    if (x >= place.half) second[x - place.half] = words;
  }

  /// Targets of all runs and the table of factor m into shared memory, for a pass that finds the
  /// second half in `second`.
  PARAMIXER_HOST_DEVICE void stage_links(const Place& place, std::int32_t m, const Words* second,
                                         std::int32_t thread) const {
    const std::int32_t links = mix.links.links;
    const std::int32_t row = row_entries(links);
    const std::int32_t runs = (place.sequence.length + kRun - 1) / kRun;
    for (std::int32_t n = 4 * thread; n < runs * row; n += 4 * kThreads) {
      Four& four = *reinterpret_cast<Four*>(place.targets + n);
      if (!stage_again(place, m, n % row, second, four)) {
        PARAMIXER_UNROLL
        for (std::int32_t k = 0; k < 4; ++k) {
          four.word[k] = static_cast<std::uint32_t>(
              bytes_to_target(place, m, n / row * kRun, n % row + k, second));
        }
      }
    }
    const auto entries = static_cast<std::int32_t>(mix.rows) * row;
    for (std::int32_t n = thread; n < entries; n += kThreads) {
      const std::int32_t k = n % row;
      place.table[n] = k < links    ? to_float(mix.weights[m][n / row * links + k])
                       : k == links ? 1.0F
                                    : 0.0F;
    }
  }

  /// Four targets from those of the factor before, if that has the same links k..k+3 (as all
  /// factors of the chord protocol have): only where the second half lies has changed.
  PARAMIXER_HOST_DEVICE bool stage_again(const Place& place, std::int32_t m, std::int32_t k,
                                         const Words* second, Four& four) const {
    const std::int32_t before = kOwner == LinkOwner::kSelf ? m - 1 : m + 1;
    if (before < 0 || before >= mix.factors) return false;
    const std::int32_t links = mix.links.links;
    for (std::int32_t n = k; n < k + 4 && n < links; ++n) {
      if (mix.links.offsets[std::int64_t{m} * links + n] !=
          mix.links.offsets[std::int64_t{before} * links + n]) {
        return false;
      }
    }
    const Words* const other = second == place.spare ? place.second : place.spare;
    const auto from = static_cast<std::int32_t>(other - place.first);
    const auto moved = static_cast<std::int32_t>(second - other);
    const auto size = static_cast<std::int32_t>(sizeof(Words));
    // Each buffer is followed by room for what is read beyond it, so none begins within another.
    const std::int32_t end = from + place.half + kRun;
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < 4; ++n) {
      const auto target = static_cast<std::int32_t>(four.word[n]);
      const bool in_second = target >= from * size && target < end * size;
      four.word[n] = static_cast<std::uint32_t>(in_second ? target + moved * size : target);
    }
    return true;
  }

  PARAMIXER_HOST_DEVICE std::int32_t bytes_to_target(const Place& place, std::int32_t m,
                                                     std::int32_t first, std::int32_t k,
                                                     const Words* second) const {
    std::int32_t step = 0;
    if (k < mix.links.links) {
      step = link_step<kOwner>(mix.links.offsets[std::int64_t{m} * mix.links.links + k],
                               place.sequence.length, mix.links.boundary);
    }
    const std::int32_t x = run_target(place, first, step);
    const std::int32_t index =
        x < place.half ? x : static_cast<std::int32_t>(second - place.first) + x - place.half;
    return index * static_cast<std::int32_t>(sizeof(Words));
  }

  /// Where the run that begins at `first` is led by a step, in what is kept of the sequence.
  PARAMIXER_HOST_DEVICE std::int32_t run_target(const Place& place, std::int32_t first,
                                                std::int32_t step) const {
    const std::int32_t length = place.sequence.length;
    const std::int32_t target = first + step;
    if (on_ring()) {
      if (target >= length) return target - length;
      return target < 0 ? target + length : target;
    }
    return target > length ? length : (target < -kRun ? -kRun : target);
  }

  PARAMIXER_HOST_DEVICE void gather_second_half(const Place& place, std::int32_t done,
                                                std::int32_t thread) const {
    PARAMIXER_NO_UNROLL
    for (std::int32_t run = place.half / kRun + thread / 32; run * kRun < place.sequence.length;
         run += kWarps) {
      Words sums[kGroup];
      gather_run(place, run, thread % 32, sums);
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < kGroup; ++n) {
        const std::int32_t i = run * kRun + thread % 32 + 32 * n;
        if (i < place.sequence.length) {
          place.spare[i - place.half] = sums[n];
          if (is_wanted(done)) hand_out(place, done, i, sums[n]);
        }
      }
    }
  }

  PARAMIXER_HOST_DEVICE void gather_first_half(const Place& place, std::int32_t thread,
                                               Thread& own) const {
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kHeld; slot += kGroup) {
      const std::int32_t run = slot / kGroup * kWarps + thread / 32;
      if (run * kRun < place.half && run * kRun < place.sequence.length) {
        Words sums[kGroup];
        gather_run(place, run, thread % 32, sums);
        PARAMIXER_UNROLL
        for (std::int32_t n = 0; n < kGroup; ++n) own.held[slot + n] = sums[n];
      }
    }
  }

  /// The new values of the first half into shared memory, and what `first` keeps of the second.
  PARAMIXER_HOST_DEVICE void keep_first_half(const Place& place, std::int32_t done,
                                             std::int32_t thread, const Thread& own) const {
    const bool wanted = is_wanted(done);
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kHeld; ++slot) {
      const std::int32_t run = slot / kGroup * kWarps + thread / 32;
      const std::int32_t i = run * kRun + thread % 32 + slot % kGroup * 32;
      if (i >= place.half || i >= place.sequence.length) continue;
      place.first[i] = own.held[slot];
      if (slot < kGroup && run == 0) put_beyond(place, place.spare, i, own.held[slot]);
      if (wanted) hand_out(place, done, i, own.held[slot]);
    }
    if (thread < kRun && place.half + thread < place.sequence.length) {
      place.first[place.half + thread] = place.spare[thread];
    }
  }

  /// Whether the caller wants the values after this many factors.
  PARAMIXER_HOST_DEVICE bool is_wanted(std::int32_t done) const {
    return done + 1 == mix.factors || mix.states != nullptr;
  }

  PARAMIXER_HOST_DEVICE void hand_out(const Place& place, std::int32_t done, std::int32_t i,
                                      const Words& words) const {
    const std::int32_t state = kOwner == LinkOwner::kSelf ? done : mix.factors - 2 - done;
    Real* const all = done + 1 == mix.factors
                          ? mix.output
                          : mix.states + state * mix.links.positions * mix.channels;
    *reinterpret_cast<Words*>(all + (place.sequence.start + i) * mix.channels + place.channel) =
        words;
  }

  /// The sums of a lane's positions of a run; of no meaning for those beyond the end.
  PARAMIXER_HOST_DEVICE void gather_run(const Place& place, std::int32_t run, std::int32_t lane,
                                        Words (&sums)[kGroup]) const {
    float sum[kGroup][kChannels] = {};
    std::int32_t begin[kGroup] = {};
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kGroup && kOwner == LinkOwner::kSelf; ++n) {
      const std::int32_t last = place.sequence.length - 1;
      const std::int32_t i = run * kRun + lane + 32 * n;
      begin[n] = row_begin(place, i < last ? i : last);
    }
    const std::int32_t* const targets = place.targets + run * row_entries(mix.links.links);
    const std::int32_t count = terms(mix.links.links);
    std::int32_t k = 0;
    // Three terms are padded to four, fewer go one by one; all do where every link asks its
    // neighbour for the weight.
    PARAMIXER_NO_UNROLL
    for (; kOwner == LinkOwner::kSelf && k + 2 < count; k += 4) {
      const Four four = *reinterpret_cast<const Four*>(targets + k);
      float weight[kGroup][4];
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < kGroup; ++n) {
        load_weights(place.table + begin[n] + k, weight[n]);
      }
      PARAMIXER_UNROLL
      for (std::int32_t term = 0; term < 4; ++term) {
        const Words* const there =
            at_target(place, static_cast<std::int32_t>(four.word[term]), lane);
        PARAMIXER_UNROLL
        for (std::int32_t n = 0; n < kGroup; ++n) {
          add_values(read_words(there + 32 * n), weight[n][term], sum[n]);
        }
      }
    }
    PARAMIXER_NO_UNROLL
    for (; k < count; ++k) {
      const Words* const there = at_target(place, targets[k], lane);
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < kGroup; ++n) {
        const float weight = kOwner == LinkOwner::kSelf
                                 ? place.table[begin[n] + k]
                                 : weight_of_neighbour(place, there + 32 * n, k);
        add_values(read_words(there + 32 * n), weight, sum[n]);
      }
    }
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kGroup; ++n) sums[n] = pack<Real, kWords>(sum[n]);
  }

  static PARAMIXER_HOST_DEVICE const Words* at_target(const Place& place, std::int32_t bytes,
                                                      std::int32_t lane) {
    return reinterpret_cast<const Words*>(
        reinterpret_cast<const unsigned char*>(place.first + lane) + bytes);
  }

  static PARAMIXER_HOST_DEVICE void add_values(const Words& words, float weight,
                                               float (&sum)[kChannels]) {
    float value[kChannels];
    unpack<Real, kWords>(words, value);
    PARAMIXER_UNROLL
    for (std::int32_t c = 0; c < kChannels; ++c) sum[c] += weight * value[c];
  }

  /// Where the links of position i begin in the table.
  PARAMIXER_HOST_DEVICE std::int32_t row_begin(const Place& place, std::int32_t i) const {
    return mix.row_of[place.sequence.start + i] * row_entries(mix.links.links);
  }

  /// The weight of link k of the position whose values lie `there`; any number where zeros do.
  PARAMIXER_HOST_DEVICE float weight_of_neighbour(const Place& place, const Words* there,
                                                  std::int32_t k) const {
    const std::int32_t length = place.sequence.length;
    auto i = static_cast<std::int32_t>(there - place.first);
    if (i >= place.half + kRun) {
      i += place.half - static_cast<std::int32_t>(place.second - place.first);
    }
    if (i < 0 || (i >= length && !on_ring())) i = 0;
    while (i >= length) i -= length;
    return place.table[row_begin(place, i) + k];
  }

  static PARAMIXER_HOST_DEVICE void load_weights(const float* entry, float (&weight)[4]) {
    unpack<float, 4>(read_words(reinterpret_cast<const Four*>(entry)), weight);
  }
};

}  // namespace paramixer
