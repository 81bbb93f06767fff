#pragma once

#include <type_traits>

#include "core/kernels/cuda/cluster_target.hpp"
#include "core/kernels/cuda/cuda_factor.hpp"
#include "core/kernels/cuda/gelu.hpp"
#include "core/kernels/cuda/warp_mma.hpp"
#include "core/kernels/link_mlp/link_mlp.hpp"

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
/// `Cluster` runs the phases: all threads of all blocks finish a phase before the next one begins,
/// and all threads of a warp finish a warp_phase; `lanes` promises nothing. `multiply` is one
/// tensor-core product of every warp.
template <int kVectors, int kTiles>
struct FusedCluster {
  static constexpr std::int32_t kThreads = 512;
  static constexpr std::int32_t kWarps = kThreads / 32;
  static constexpr std::int32_t kTile = 16;  ///< Positions.
  static constexpr std::int32_t kTilesOfBlock = kTiles * kWarps;
  static constexpr std::int32_t kPositions = kTilesOfBlock * kTile;  ///< Per block.
  static constexpr std::int32_t kMaxBlocks = 8;                      ///< Per cluster.
  static constexpr std::int64_t kMaxLength = std::int64_t{kMaxBlocks} * kPositions;
  static constexpr std::int32_t kChannels = 8 * kVectors;
  static constexpr std::int32_t kSlots = kTile * kVectors / 32;  ///< Vectors of a tile a lane has.
  static constexpr std::int32_t kLinks = 16;
  static constexpr std::int32_t kChunks = (kVectors + 3) / 4;  ///< Groups of 32 inputs.
  static constexpr std::int32_t kInputs = 32 * kChunks;
  static_assert(kVectors >= 4 && 32 % kVectors == 0);

  using Words = ChannelWords<4>;  ///< 8 channels, 8 inputs or 8 weights.
  using Target = ClusterTarget<ClusterLayout{kPositions, kVectors * 16, kTile}>;
  struct Thread {
    Words held[kTiles * kSlots];
    /// Inputs 8t..8t+7 of positions g and g + 8 of the tile, as two products take them: of 32
    /// inputs a product has four of every lane's eight neighbours. Both operands choose the same
    /// ones, so the order of the sum is all that changes.
    std::uint32_t rows[kChunks][2][4];
    Words next_rows[kChunks]
                   [2];    ///< Loads in flight for the next tile: position g, position g + 8.
    Words first_weights;   ///< For unit g of 8, inputs 8t..8t+7.
    Words second_weights;  ///< Both link tiles' operands.
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
    return bytes_before_network() + kTilesOfBlock * kLinks * 4 +
           padded_hidden() * (2 * kInputs + 2 * kLinks + 4) + 4 * kLinks + 4 * kLinks;
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
          targets(reinterpret_cast<std::uint32_t*>(shared + bytes_before_network())),
          first(reinterpret_cast<Bfloat16*>(targets + kTilesOfBlock * kLinks)),
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
    std::uint32_t*
        targets;          ///< [kTilesOfBlock, kLinks]: where links lead tiles, as Target::bits().
    Bfloat16* first;      ///< [H' / 8, kChunks, 8, 32]: what a lane takes at once is together.
    Bfloat16* second;     ///< [H' / 16, 32 lanes, 8]: the lane's operands of both link tiles.
    float* first_bias;    ///< [H']
    float* second_bias;   ///< [kLinks]
    std::int32_t* steps;  ///< [kLinks] of the current factor.
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
    using Pointee = std::conditional_t<std::is_const_v<Value>, const Words, Words>;
    return reinterpret_cast<Pointee*>(all + (place.sequence.start + i) * kChannels + 8 * vector);
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
      // Half of it, because the units are twice their activations.
      const float weight = there ? to_float(network.second[link * mix.hidden + unit]) : 0.0F;
      place.second[n] = from_float<Bfloat16>(0.5F * weight);
    }
    for (std::int32_t n = thread; n < units; n += kThreads) {
      place.first_bias[n] = n < mix.hidden ? to_float(network.first_bias[n]) : 0.0F;
    }
    if (thread < kLinks) stage_link(place, m, thread);
    for (std::int32_t n = thread; n < kTilesOfBlock * kLinks; n += kThreads) {
      place.targets[n] =
          target_of(place, m, place.in_sequence(n / kLinks * kTile), n % kLinks).bits();
    }
  }

  /// Where link k leads the tile that begins at `first`; that after the last link is the tile.
  PARAMIXER_HOST_DEVICE Target target_of(const Place& place, std::int32_t m, std::int32_t first,
                                         std::int32_t k) const {
    const std::int32_t length = place.sequence.length;
    const std::int32_t links = mix.links.links;
    if (first >= length || k > links) return Target::nowhere(first);
    if (k == links) return Target::at(first);
    const std::int32_t step = link_step<LinkOwner::kSelf>(
        mix.links.offsets[std::int64_t{m} * links + k], length, mix.links.boundary);
    return Target::of(first, step, length, mix.links.boundary);
  }

  PARAMIXER_HOST_DEVICE void stage_link(const Place& place, std::int32_t m, std::int32_t k) const {
    const std::int32_t links = mix.links.links;
    const bool there = k < links;
    // The position itself is one more link of weight 1, if there is room.
    const float bias = k == links ? 1.0F : 0.0F;
    place.second_bias[k] = there ? to_float(mix.networks[m].second_bias[k]) : bias;
    place.steps[k] =
        there ? link_step<LinkOwner::kSelf>(mix.links.offsets[std::int64_t{m} * links + k],
                                            place.sequence.length, mix.links.boundary)
              : 0;
  }

  /// Writes the links of all positions to shared memory; each warp handles its own tiles.
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
      // Two at a time: one's products fill the other's waiting.
      PARAMIXER_UNROLL_TWICE
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
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < 8; ++n) {
        own.rows[chunk][n / 4][n % 4] = own.next_rows[chunk][n % 2].word[n / 2];
      }
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

  static PARAMIXER_HOST_DEVICE MmaStep hidden_step(Thread& own, std::int32_t half,
                                                   std::int32_t chunk, std::int32_t step) {
    const auto& rows = own.rows[chunk][step];
    const Words& weights = own.first_weights;
    return {{rows[0], rows[1], rows[2], rows[3]},
            {weights.word[2 * step], weights.word[2 * step + 1]},
            own.hidden[half]};
  }

  static PARAMIXER_HOST_DEVICE MmaStep link_step_of(Thread& own, std::int32_t n) {
    return {{own.units[0], own.units[1], own.units[2], own.units[3]},
            {own.second_weights.word[2 * n], own.second_weights.word[2 * n + 1]},
            own.links[n]};
  }

  /// Twice the activations of 16 units: the sums of one product are laid out as the next one's
  /// operand.
  static PARAMIXER_HOST_DEVICE void finish_units(Thread& own) {
    PARAMIXER_UNROLL
    for (std::int32_t half = 0; half < 2; ++half) {
      const float(&sum)[4] = own.hidden[half];
      own.units[2 * half] = bfloat16_pair(twice_gelu(sum[0]), twice_gelu(sum[1]));
      own.units[2 * half + 1] = bfloat16_pair(twice_gelu(sum[2]), twice_gelu(sum[3]));
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

  /// Terms of a sum: the links, and the position itself if its weight has room among theirs.
  PARAMIXER_HOST_DEVICE std::int32_t terms() const {
    return mix.links.links < kLinks ? mix.links.links + 1 : kLinks;
  }

  /// One vector of positions `local` and `local` + kApart of one tile; of no meaning where the
  /// sequence has ended.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void gather_pair(const Place& place, std::int32_t local,
                                         std::int32_t vector, float (&sum)[2][8],
                                         const Cluster& cluster) const {
    const Words* const own = place.values + local * kVectors + vector;
    PARAMIXER_UNROLL
    for (std::int32_t c = 0; c < 8; ++c) sum[0][c] = sum[1][c] = 0.0F;
    if (terms() == mix.links.links) {
      add_words(own[0], 1.0F, sum[0]);
      add_words(own[kApart * kVectors], 1.0F, sum[1]);
    }
    const Words* const in_tile = place.values + local % kTile * kVectors + vector;
    PARAMIXER_NO_UNROLL
    for (std::int32_t first = 0; first < terms(); first += 4) {
      const auto targets =
          *reinterpret_cast<const ChannelWords<4>*>(place.targets + local / kTile * kLinks + first);
      float weight[2][4];
      PARAMIXER_UNROLL
      for (std::int32_t n = 0; n < 2; ++n) {
        const std::uint32_t* const four =
            place.links + (local + n * kApart) * (kLinks / 2) + first / 2;
        unpack<Bfloat16, 2>(read_words(reinterpret_cast<const ChannelWords<2>*>(four)), weight[n]);
      }
      const std::uint32_t all =
          targets.word[0] | targets.word[1] | targets.word[2] | targets.word[3];
      if (Target(all).scattered()) {
        PARAMIXER_UNROLL
        for (std::int32_t k = 0; k < 4; ++k) {
          if (first + k >= terms()) break;
          add_link(place, local, place.steps[first + k], vector, weight[0][k], sum[0], cluster);
          add_link(place, local + kApart, place.steps[first + k], vector, weight[1][k], sum[1],
                   cluster);
        }
        continue;
      }
      // Two links at a time, so that slow loads start early.
      PARAMIXER_UNROLL
      for (std::int32_t k = 0; k < 4; k += 2) {
        Words words[2][2];
        PARAMIXER_UNROLL
        for (std::int32_t link = 0; link < 2; ++link) {
          const Target target(targets.word[k + link]);
          const auto there = cluster.at(place.rank, target.block(), in_tile, target.byte());
          words[link][0] = cluster.template read<0>(there);
          words[link][1] = cluster.template read<kApart * kVectors>(there);
        }
        PARAMIXER_UNROLL
        for (std::int32_t link = 0; link < 2; ++link) {
          const bool lands = Target(targets.word[k + link]).lands();
          add_words(words[link][0], lands ? weight[0][k + link] : 0.0F, sum[0]);
          add_words(words[link][1], lands ? weight[1][k + link] : 0.0F, sum[1]);
        }
      }
    }
  }

  static PARAMIXER_HOST_DEVICE void add_words(const Words& words, float weight, float (&sum)[8]) {
    float value[8];
    unpack<Bfloat16, 4>(words, value);
    PARAMIXER_UNROLL
    for (std::int32_t c = 0; c < 8; ++c) sum[c] += weight * value[c];
  }

  /// One link of one position that finds its target itself.
  template <typename Cluster>
  PARAMIXER_HOST_DEVICE void add_link(const Place& place, std::int32_t local, std::int32_t step,
                                      std::int32_t vector, float weight, float (&sum)[8],
                                      const Cluster& cluster) const {
    const std::int32_t i = place.in_sequence(local);
    if (i >= place.sequence.length) return;
    const std::int32_t j = step_from(i, step, place.sequence.length, mix.links.boundary);
    if (j < 0) return;
    const Target target = Target::at(j);
    const Words words = cluster.template read<0>(
        cluster.at(place.rank, target.block(), place.values + vector, target.byte()));
    add_words(words, weight, sum);
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
