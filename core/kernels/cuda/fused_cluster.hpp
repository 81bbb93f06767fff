#pragma once

#include <type_traits>

#include "core/kernels/cuda/cuda_factor.hpp"
#include "core/kernels/cuda/gelu.hpp"
#include "core/kernels/cuda/warp_mma.hpp"
#include "core/kernels/link_mlp.hpp"

namespace paramixer {

/// All factors on a whole batch with links computed from rows, for the kernel that keeps a sequence
/// in the shared memory of a thread block cluster. Pointers to device memory.
struct FusedClusterMix {
  CudaLinks links;        ///< offsets are [M, L] here.
  const Bfloat16* rows;   ///< [T, I]
  const Bfloat16* input;  ///< [T, E]
  Bfloat16* output;       ///< [T, E]
  Bfloat16* states;       ///< [M - 1, T, E] or null.
  std::int32_t inputs;    ///< I
  std::int32_t hidden;    ///< H
  std::int32_t factors;   ///< M
  LinkMlpWeights<Bfloat16> networks[kMaxCudaFactors];
};

/// The blocks of a cluster share the positions of one sequence, with all 8 kVectors channels of
/// their own ones in shared memory, and take them through all factors. A warp computes the links of
/// its positions (tensor cores; hidden units never leave the registers), keeps them in shared
/// memory, and gathers: from its own block, or over the cluster's network where a link leads to
/// another block. New values stay in registers until the whole cluster has read the old ones.
///
/// Channels are 8 kVectors, inputs a multiple of 8 up to kInputs, links at most kLinks, sequences
/// at most kMaxLength.
///
/// `Cluster` runs the phases: of a phase all threads of all blocks are done before the next one
/// begins, of a warp_phase those of a warp; `lanes` promises nothing. `multiply` is one
/// tensor-core product of every warp.
template <int kVectors, int kTiles>
struct FusedCluster {
  static constexpr std::int32_t kThreads = 512;
  static constexpr std::int32_t kWarps = kThreads / 32;
  static constexpr std::int32_t kTile = 16;                            ///< Positions.
  static constexpr std::int32_t kPositions = kTiles * kWarps * kTile;  ///< Of a block.
  static constexpr std::int32_t kMaxBlocks = 8;                        ///< Of a cluster.
  static constexpr std::int64_t kMaxLength = std::int64_t{kMaxBlocks} * kPositions;
  static constexpr std::int32_t kChannels = 8 * kVectors;
  static constexpr std::int32_t kSlots = kTile * kVectors / 32;  ///< Vectors of a tile a lane has.
  static constexpr std::int32_t kLinks = 16;
  static constexpr std::int32_t kChunks = (kVectors + 3) / 4;  ///< Of 32 inputs.
  static constexpr std::int32_t kInputs = 32 * kChunks;
  static_assert(kVectors >= 4 && 32 % kVectors == 0);

  using Words = ChannelWords<4>;  ///< 8 channels, 8 inputs or 8 weights.
  struct Thread {
    Words held[kTiles * kSlots];
    Words rows[kChunks][2];       ///< Positions g and g + 8 of the tile, inputs 8t..8t+7.
    Words next_rows[kChunks][2];  ///< Of the next tile, on their way.
    Words first_weights;          ///< Of unit g of 8, inputs 8t..8t+7.
    Words second_weights;         ///< Both link tiles' operands.
    float hidden[2][4];
    std::uint32_t units[4];
    float links[2][4];
  };

  FusedClusterMix mix;

  PARAMIXER_HOST_DEVICE std::int32_t padded_hidden() const {
    return (mix.hidden + kTile - 1) / kTile * kTile;
  }

  /// Bytes of a block's shared memory.
  PARAMIXER_HOST_DEVICE std::int32_t shared_bytes() const {
    return bytes_before_network() + padded_hidden() * (2 * kInputs + 2 * kLinks + 4) + 4 * kLinks +
           4 * kLinks;
  }

  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void run(std::int64_t cluster_number, Cluster& cluster) const {
    const SequencePlace sequence = locate(cluster_number);
    if (sequence.length == 0) return;
    cluster.phase([&](std::int32_t rank, std::int32_t thread, Thread&) {
      const Place place(*this, cluster.shared(rank), sequence, rank);
      load_values(place, thread);
      stage_factor(place, 0, thread);
    });
    for (std::int32_t m = 0; m < mix.factors; ++m) {
      form_links(sequence, cluster);
      cluster.phase([&](std::int32_t rank, std::int32_t thread, Thread& own) {
        gather(Place(*this, cluster.shared(rank), sequence, rank), opaque(thread), own, cluster);
      });
      cluster.phase([&](std::int32_t rank, std::int32_t thread, Thread& own) {
        const Place place(*this, cluster.shared(rank), sequence, rank);
        keep(place, m, opaque(thread), own);
        if (m + 1 < mix.factors) stage_factor(place, m + 1, thread);
      });
    }
  }

 private:
  static PARAMIXER_HOST_DEVICE constexpr std::int32_t bytes_before_network() {
    return kPositions * (kVectors * 16 + kLinks * 2);
  }

  /// A block's shared memory, cut up, and what it holds.
  struct Place {
    PARAMIXER_HOST_DEVICE Place(const FusedCluster& program, unsigned char* shared,
                                SequencePlace whole, std::int32_t block)
        : sequence(whole),
          rank(block),
          values(reinterpret_cast<Words*>(shared)),
          links(reinterpret_cast<std::uint32_t*>(values + kPositions * kVectors)),
          first(reinterpret_cast<Bfloat16*>(shared + bytes_before_network())),
          second(first + program.padded_hidden() * kInputs),
          first_bias(reinterpret_cast<float*>(second + program.padded_hidden() * kLinks)),
          second_bias(first_bias + program.padded_hidden()),
          steps(reinterpret_cast<std::int32_t*>(second_bias + kLinks)) {}

    /// Where the block's position `local` lies in the sequence.
    PARAMIXER_HOST_DEVICE std::int32_t in_sequence(std::int32_t local) const {
      return rank * kPositions + local;
    }

    SequencePlace sequence;
    std::int32_t rank;
    Words* values;         ///< [kPositions, kVectors]
    std::uint32_t* links;  ///< [kPositions, kLinks / 2], pairs of bfloat16.
    Bfloat16* first;       ///< [H' / 8, kChunks, 8, 32]: what a lane takes at once is together.
    Bfloat16* second;      ///< [H' / 16, 32 lanes, 8]: the lane's operands of both link tiles.
    float* first_bias;     ///< [H']
    float* second_bias;    ///< [kLinks]
    std::int32_t* steps;   ///< [kLinks] of the current factor.
  };

  PARAMIXER_HOST_DEVICE SequencePlace locate(std::int64_t number) const {
    const std::int64_t start = mix.links.starts[number];
    return {start, static_cast<std::int32_t>(mix.links.starts[number + 1] - start)};
  }

  /// The first position, within its block, of the warp's tile number `tile`.
  static PARAMIXER_HOST_DEVICE std::int32_t tile_first(std::int32_t tile, std::int32_t thread) {
    return (tile * kWarps + thread / 32) * kTile;
  }

  PARAMIXER_HOST_DEVICE void load_values(const Place& place, std::int32_t thread) const {
    for (std::int32_t n = thread; n < kPositions * kVectors; n += kThreads) {
      const std::int32_t i = place.in_sequence(n / kVectors);
      if (i >= place.sequence.length) return;
      place.values[n] = *words_at(mix.input, place, i, n % kVectors);
    }
  }

  /// A vector of channels of position i in an array [T, E].
  template <typename Value>
  static PARAMIXER_HOST_DEVICE auto* words_at(Value* all, const Place& place, std::int32_t i,
                                              std::int32_t vector) {
    using Target = std::conditional_t<std::is_const_v<Value>, const Words, Words>;
    return reinterpret_cast<Target*>(all + (place.sequence.start + i) * kChannels + 8 * vector);
  }

  /// Network, biases and steps of factor m into shared memory, with zeros where tiles reach beyond
  /// the network.
  PARAMIXER_HOST_DEVICE void stage_factor(const Place& place, std::int32_t m,
                                          std::int32_t thread) const {
    const LinkMlpWeights<Bfloat16>& network = mix.networks[m];
    const std::int32_t units = padded_hidden();
    for (std::int32_t n = thread; n < units * kInputs; n += kThreads) {
      const std::int32_t unit = n / (8 * kInputs) * 8 + n / 32 % 8;
      const std::int32_t input = n / (8 * 32) % kChunks * 32 + n % 32;
      const bool there = unit < mix.hidden && input < mix.inputs;
      place.first[n] = there ? network.first[unit * mix.inputs + input] : Bfloat16{};
    }
    for (std::int32_t n = thread; n < units * kLinks; n += kThreads) {
      // As MmaStep::b wants it: lane 4 g + t has link g of 8 and units 2t, 2t + 1, 2t + 8, 2t + 9.
      const std::int32_t lane = n / 8 % 32;
      const std::int32_t link = n / 4 % 2 * 8 + lane / 4;
      const std::int32_t unit = n / 256 * 16 + n / 2 % 2 * 8 + lane % 4 * 2 + n % 2;
      const bool there = unit < mix.hidden && link < mix.links.links;
      place.second[n] = there ? network.second[link * mix.hidden + unit] : Bfloat16{};
    }
    for (std::int32_t n = thread; n < units; n += kThreads) {
      place.first_bias[n] = n < mix.hidden ? to_float(network.first_bias[n]) : 0.0F;
    }
    if (thread < kLinks) stage_link(place, m, thread);
  }

  PARAMIXER_HOST_DEVICE void stage_link(const Place& place, std::int32_t m, std::int32_t k) const {
    const std::int32_t links = mix.links.links;
    const bool there = k < links;
    place.second_bias[k] = there ? to_float(mix.networks[m].second_bias[k]) : 0.0F;
    place.steps[k] =
        there ? link_step<LinkOwner::kSelf>(mix.links.offsets[std::int64_t{m} * links + k],
                                            place.sequence.length, mix.links.boundary)
              : 0;
  }

  /// Links of all positions into shared memory, each warp those of its own tiles.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void form_links(SequencePlace sequence, Cluster& cluster) const {
    const std::int32_t needed = (sequence.length + kWarps * kTile - 1) / (kWarps * kTile);
    const std::int32_t tiles = needed < kTiles ? needed : kTiles;
    cluster.lanes([&](std::int32_t rank, std::int32_t thread, Thread& own) {
      fetch_rows(Place(*this, cluster.shared(rank), sequence, rank), 0, thread, own);
    });
    PARAMIXER_NO_UNROLL
    for (std::int32_t tile = 0; tile < tiles; ++tile) {
      cluster.lanes([&](std::int32_t rank, std::int32_t thread, Thread& own) {
        const Place place(*this, cluster.shared(rank), sequence, rank);
        begin_tile(place, thread, own);
        if (tile + 1 < tiles) fetch_rows(place, tile + 1, thread, own);
      });
      PARAMIXER_NO_UNROLL
      for (std::int32_t unit = 0; unit < mix.hidden; unit += kTile) {
        add_units(sequence, unit, cluster);
      }
      cluster.warp_phase([&](std::int32_t rank, std::int32_t thread, Thread& own) {
        write_links(Place(*this, cluster.shared(rank), sequence, rank), tile, thread, own);
      });
    }
  }

  PARAMIXER_HOST_DEVICE void fetch_rows(const Place& place, std::int32_t tile, std::int32_t thread,
                                        Thread& own) const {
    const std::int32_t lane = thread % 32;
    PARAMIXER_UNROLL
    for (std::int32_t half = 0; half < 2; ++half) {
      const std::int32_t i = place.in_sequence(tile_first(tile, thread) + lane / 4 + 8 * half);
      PARAMIXER_UNROLL
      for (std::int32_t chunk = 0; chunk < kChunks; ++chunk) {
        const std::int32_t input = 32 * chunk + lane % 4 * 8;
        Words words{};
        if (i < place.sequence.length && input < mix.inputs) {
          words = *reinterpret_cast<const Words*>(mix.rows +
                                                  (place.sequence.start + i) * mix.inputs + input);
        }
        own.next_rows[chunk][half] = words;
      }
    }
  }

  static PARAMIXER_HOST_DEVICE void begin_tile(const Place& place, std::int32_t thread,
                                               Thread& own) {
    PARAMIXER_UNROLL
    for (std::int32_t chunk = 0; chunk < kChunks; ++chunk) {
      own.rows[chunk][0] = own.next_rows[chunk][0];
      own.rows[chunk][1] = own.next_rows[chunk][1];
    }
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < 2; ++n) {
      begin_sum(place.second_bias + 8 * n, thread, own.links[n]);
    }
  }

  /// The lane's elements of a product that begins with a bias for every column.
  static PARAMIXER_HOST_DEVICE void begin_sum(const float* bias, std::int32_t thread,
                                              float (&sum)[4]) {
    const std::int32_t column = thread % 4 * 2;
    sum[0] = sum[2] = bias[column];
    sum[1] = sum[3] = bias[column + 1];
  }

  /// The part of hidden units [unit, unit + 16) in the links of the tile.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void add_units(SequencePlace sequence, std::int32_t unit,
                                       Cluster& cluster) const {
    PARAMIXER_UNROLL
    for (std::int32_t half = 0; half < 2; ++half) {
      cluster.lanes([&](std::int32_t rank, std::int32_t thread, Thread& own) {
        const Place place(*this, cluster.shared(rank), sequence, rank);
        begin_sum(place.first_bias + unit + 8 * half, thread, own.hidden[half]);
      });
      PARAMIXER_UNROLL
      for (std::int32_t chunk = 0; chunk < kChunks; ++chunk) {
        cluster.lanes([&](std::int32_t rank, std::int32_t thread, Thread& own) {
          const Place place(*this, cluster.shared(rank), sequence, rank);
          const std::int32_t group = (unit / 8 + half) * kChunks + chunk;
          own.first_weights = reinterpret_cast<const Words*>(place.first)[group * 32 + thread % 32];
        });
        PARAMIXER_UNROLL
        for (std::int32_t step = 0; step < 2; ++step) {
          cluster.multiply([&](Thread& own) { return hidden_step(own, half, chunk, step); });
        }
      }
    }
    cluster.lanes([&](std::int32_t rank, std::int32_t thread, Thread& own) {
      const Place place(*this, cluster.shared(rank), sequence, rank);
      own.second_weights =
          reinterpret_cast<const Words*>(place.second)[unit / 16 * 32 + thread % 32];
      finish_units(own);
    });
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < 2; ++n) {
      cluster.multiply([&](Thread& own) { return link_step_of(own, n); });
    }
  }

  /// Of the 32 inputs of a chunk a step takes 16: from every lane's 8 neighbours four. Both
  /// operands choose the same ones, so the order of the sum is all that changes.
  static PARAMIXER_HOST_DEVICE MmaStep hidden_step(Thread& own, std::int32_t half,
                                                   std::int32_t chunk, std::int32_t step) {
    const Words& low = own.rows[chunk][0];
    const Words& high = own.rows[chunk][1];
    const Words& weights = own.first_weights;
    return {
        {low.word[2 * step], high.word[2 * step], low.word[2 * step + 1], high.word[2 * step + 1]},
        {weights.word[2 * step], weights.word[2 * step + 1]},
        own.hidden[half]};
  }

  static PARAMIXER_HOST_DEVICE MmaStep link_step_of(Thread& own, std::int32_t n) {
    return {{own.units[0], own.units[1], own.units[2], own.units[3]},
            {own.second_weights.word[2 * n], own.second_weights.word[2 * n + 1]},
            own.links[n]};
  }

  /// The activations of 16 units: the sums of one product are laid out as the next one's operand.
  static PARAMIXER_HOST_DEVICE void finish_units(Thread& own) {
    PARAMIXER_UNROLL
    for (std::int32_t half = 0; half < 2; ++half) {
      const float(&sum)[4] = own.hidden[half];
      own.units[2 * half] = bfloat16_pair(gelu_for_bfloat16(sum[0]), gelu_for_bfloat16(sum[1]));
      own.units[2 * half + 1] = bfloat16_pair(gelu_for_bfloat16(sum[2]), gelu_for_bfloat16(sum[3]));
    }
  }

  static PARAMIXER_HOST_DEVICE void write_links(const Place& place, std::int32_t tile,
                                                std::int32_t thread, const Thread& own) {
    const std::int32_t lane = thread % 32;
    std::uint32_t* low =
        place.links + (tile_first(tile, thread) + lane / 4) * (kLinks / 2) + lane % 4;
    std::uint32_t* high = low + 8 * (kLinks / 2);
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < 2; ++n) {
      low[4 * n] = bfloat16_pair(own.links[n][0], own.links[n][1]);
      high[4 * n] = bfloat16_pair(own.links[n][2], own.links[n][3]);
    }
  }

  /// New values of the thread's vectors, from the cluster's shared memory into registers.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void gather(const Place& place, std::int32_t thread, Thread& own,
                                    const Cluster& cluster) const {
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kTiles * kSlots; slot += 2) {
      const std::int32_t local = local_of(slot, thread);
      // Always assigned, or these registers would be taken while links are formed.
      own.held[slot] = own.held[slot + 1] = Words{};
      if (place.in_sequence(local) < place.sequence.length) {
        float sum[2][8];
        gather_pair(place, local, thread % kVectors, sum, cluster);
        own.held[slot] = pack<Bfloat16, 4>(sum[0]);
        own.held[slot + 1] = pack<Bfloat16, 4>(sum[1]);
      }
    }
  }

  /// The position of the thread's vector number `slot`: of a tile a lane has every kApart-th one.
  static constexpr std::int32_t kApart = 32 / kVectors;
  static PARAMIXER_HOST_DEVICE std::int32_t local_of(std::int32_t slot, std::int32_t thread) {
    return tile_first(slot / kSlots, thread) + thread % 32 / kVectors + slot % kSlots * kApart;
  }

  /// One vector of positions `local` and `local` + kApart; the second repeats the first where the
  /// sequence has ended.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void gather_pair(const Place& place, std::int32_t local,
                                         std::int32_t vector, float (&sum)[2][8],
                                         const Cluster& cluster) const {
    std::int32_t own[2];
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < 2; ++n) {
      own[n] = local + n * kApart;
      if (place.in_sequence(own[n]) >= place.sequence.length) own[n] = local;
      unpack<Bfloat16, 4>(place.values[own[n] * kVectors + vector], sum[n]);
    }
    PARAMIXER_NO_UNROLL
    for (std::int32_t first = 0; first < mix.links.links; first += 4) {
      std::uint32_t pairs[2][2];
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < 2; ++n) {
        const auto& words = *reinterpret_cast<const ChannelWords<2>*>(
            place.links + own[n] * (kLinks / 2) + first / 2);
        pairs[n][0] = words.word[0];
        pairs[n][1] = words.word[1];
      }
      PARAMIXER_UNROLL
      for (std::int32_t k = 0; k < 4; ++k) {
        if (first + k >= mix.links.links) break;
        const std::int32_t step = place.steps[first + k];
        PARAMIXER_UNROLL
        for (std::int32_t n = 0; n < 2; ++n) {
          // The even one of a pair is its lower half.
          const std::uint32_t pair = pairs[n][k / 2];
          const float weight = float_of_bits(k % 2 == 0 ? pair << 16 : pair & 0xffff0000U);
          add_link(place, own[n], step, vector, weight, sum[n], cluster);
        }
      }
    }
  }

  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void add_link(const Place& place, std::int32_t local, std::int32_t step,
                                      std::int32_t vector, float weight, float (&sum)[8],
                                      const Cluster& cluster) const {
    const std::int32_t i = place.in_sequence(local);
    std::int32_t j = step_from(i, step, place.sequence.length, mix.links.boundary);
    if (j < 0) {
      j = i;
      weight = 0.0F;
    }
    const auto block = static_cast<std::int32_t>(static_cast<std::uint32_t>(j) / kPositions);
    const Words* there = place.values + (j - block * kPositions) * kVectors + vector;
    const Words words = block == place.rank ? *there : cluster.remote(place.rank, block, there);
    float value[8];
    unpack<Bfloat16, 4>(words, value);
    PARAMIXER_UNROLL
    for (std::int32_t c = 0; c < 8; ++c) sum[c] += weight * value[c];
  }

  /// The new values back into shared memory, and to where the caller wants them.
  PARAMIXER_HOST_DEVICE void keep(const Place& place, std::int32_t m, std::int32_t thread,
                                  const Thread& own) const {
    const bool last = m + 1 == mix.factors;
    Bfloat16* target = last ? mix.output : nullptr;
    if (!last && mix.states != nullptr) {
      target = mix.states + std::int64_t{m} * mix.links.positions * kChannels;
    }
    PARAMIXER_UNROLL
    for (std::int32_t slot = 0; slot < kTiles * kSlots; ++slot) {
      const std::int32_t local = local_of(slot, thread);
      const std::int32_t i = place.in_sequence(local);
      if (i < place.sequence.length) {
        place.values[local * kVectors + thread % kVectors] = own.held[slot];
        if (target != nullptr) *words_at(target, place, i, thread % kVectors) = own.held[slot];
      }
    }
  }
};

}  // namespace paramixer
