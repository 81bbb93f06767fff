#pragma once

#include "core/kernels/cuda/cuda_factor.hpp"
#include "core/kernels/cuda/gelu.hpp"
#include "core/kernels/cuda/warp_tile.hpp"
#include "core/kernels/link_mlp/link_mlp.hpp"

namespace paramixer {

/// One factor whose links are computed from its rows where they are used.
template <typename Real>
struct FusedFactor {
  CudaFactor<Real> factor;       ///< Without weights and rows.
  LinkMlpWeights<Real> network;  ///< f_m in device memory.
  const Real* rows;              ///< [T, I], what the links are computed from.
  std::int32_t inputs;           ///< I
  std::int32_t hidden;           ///< H
};

/// What becomes of the links.
enum class LinkUse {
  kApply,  ///< out [T, E]: the factor's output.
  kWrite,  ///< out [T, L]: the links themselves, for the backward pass.
};

/// Links of up to 8 kLinkTiles per position, tile by tile: every warp takes 16 positions, forms
/// their hidden units 16 at a time, adds those units' part of the links, and uses the links. Only
/// the weights of the network and a tile's rows pass through shared memory.
///
/// `Block` runs the phases as in OnChipBlock; of warp_phase only a warp's own threads see each
/// other.
template <LinkUse kUse, int kLinkTiles, typename Real>
struct FusedBlock {
  static constexpr std::int32_t kThreads = 256;
  static constexpr std::int32_t kWarps = kThreads / 32;
  static constexpr std::int32_t kTile = 16;
  static constexpr std::int32_t kPasses = 4;  ///< Tiles of a warp, over which staging is spread.
  static constexpr std::int32_t kPositions = kWarps * kTile * kPasses;
  static constexpr std::int32_t kLinks = 8 * kLinkTiles;
  static constexpr std::int32_t kLinkStride = kLinks + 1;
  /// Rows are longer by 16 bytes than they need be, which spreads them over the banks.
  static constexpr std::int32_t kPad = 16 / static_cast<std::int32_t>(sizeof(Real));
  static constexpr std::int32_t kHiddenStride = kTile + kPad;

  struct Thread {
    float links[kLinkTiles][4];
  };

  FusedFactor<Real> fused;
  Real* out;

  PARAMIXER_HOST_DEVICE std::int32_t padded(std::int32_t size) const {
    return (size + kTile - 1) / kTile * kTile;
  }
  PARAMIXER_HOST_DEVICE std::int32_t row_stride() const { return padded(fused.inputs) + kPad; }
  PARAMIXER_HOST_DEVICE std::int32_t second_stride() const { return padded(fused.hidden) + kPad; }

  /// Shared memory, cut up; Real arrays first, so that rows stay aligned.
  struct Place {
    Real* first_weight;   ///< [H', row_stride]
    Real* second_weight;  ///< [kLinks, second_stride]
    Real* rows;           ///< [kWarps, kTile, row_stride]
    Real* hidden;         ///< [kWarps, kTile, kHiddenStride]
    float* first_bias;    ///< [H']
    float* second_bias;   ///< [kLinks]
    float* links;         ///< [kWarps, kTile, kLinkStride]
  };

  PARAMIXER_HOST_DEVICE Place place(unsigned char* shared) const {
    Place place;
    place.first_weight = reinterpret_cast<Real*>(shared);
    place.second_weight = place.first_weight + padded(fused.hidden) * row_stride();
    place.rows = place.second_weight + kLinks * second_stride();
    place.hidden = place.rows + kWarps * kTile * row_stride();
    place.first_bias = reinterpret_cast<float*>(place.hidden + kWarps * kTile * kHiddenStride);
    place.second_bias = place.first_bias + padded(fused.hidden);
    place.links = place.second_bias + kLinks;
    return place;
  }

  std::int64_t shared_bytes() const {
    const std::int64_t reals = padded(fused.hidden) * row_stride() + kLinks * second_stride() +
                               kWarps * kTile * (row_stride() + kHiddenStride);
    const std::int64_t floats = padded(fused.hidden) + kLinks + kWarps * kTile * kLinkStride;
    return reals * static_cast<std::int64_t>(sizeof(Real)) + 4 * floats;
  }

  template <typename Block>
  PARAMIXER_HOST_DEVICE void run(std::int64_t block_number, Block& block) const {
    const Place shared = place(block.shared());
    block.phase([&](std::int32_t thread, Thread&) { stage_network(shared, thread); });
    for (std::int32_t pass = 0; pass < kPasses; ++pass) {
      const std::int64_t pass_first = block_number * kPositions + pass * kWarps * kTile;
      block.warp_phase([&](std::int32_t thread, Thread& own) {
        stage_rows(shared, pass_first, thread);
        begin_links(shared, thread, own);
      });
      for (std::int32_t unit = 0; unit < fused.hidden; unit += kTile) {
        block.warp_phase([&](std::int32_t thread, Thread&) { form_hidden(shared, unit, thread); });
        block.warp_phase(
            [&](std::int32_t thread, Thread& own) { add_links(shared, unit, thread, own); });
      }
      block.warp_phase([&](std::int32_t thread, Thread& own) { share_links(shared, thread, own); });
      block.warp_phase(
          [&](std::int32_t thread, Thread&) { use_links(shared, pass_first, thread); });
    }
  }

 private:
  /// The network into shared memory, with zeros where tiles reach beyond it.
  PARAMIXER_HOST_DEVICE void stage_network(const Place& shared, std::int32_t thread) const {
    const std::int32_t inputs = fused.inputs;
    const std::int32_t hidden = fused.hidden;
    const std::int32_t links = fused.factor.links.links;
    for (std::int32_t n = thread; n < padded(hidden) * padded(inputs); n += kThreads) {
      const std::int32_t unit = n / padded(inputs);
      const std::int32_t input = n % padded(inputs);
      const bool there = unit < hidden && input < inputs;
      shared.first_weight[unit * row_stride() + input] =
          there ? fused.network.first[unit * inputs + input] : Real{};
    }
    for (std::int32_t n = thread; n < kLinks * padded(hidden); n += kThreads) {
      const std::int32_t link = n / padded(hidden);
      const std::int32_t unit = n % padded(hidden);
      const bool there = link < links && unit < hidden;
      shared.second_weight[link * second_stride() + unit] =
          there ? fused.network.second[link * hidden + unit] : Real{};
    }
    for (std::int32_t n = thread; n < padded(hidden); n += kThreads) {
      shared.first_bias[n] = n < hidden ? to_float(fused.network.first_bias[n]) : 0.0F;
    }
    for (std::int32_t n = thread; n < kLinks; n += kThreads) {
      shared.second_bias[n] = n < links ? to_float(fused.network.second_bias[n]) : 0.0F;
    }
  }

  PARAMIXER_HOST_DEVICE Real* own_rows(const Place& shared, std::int32_t thread) const {
    return shared.rows + thread / 32 * kTile * row_stride();
  }
  PARAMIXER_HOST_DEVICE Real* own_hidden(const Place& shared, std::int32_t thread) const {
    return shared.hidden + thread / 32 * kTile * kHiddenStride;
  }
  PARAMIXER_HOST_DEVICE float* own_links(const Place& shared, std::int32_t thread) const {
    return shared.links + thread / 32 * kTile * kLinkStride;
  }
  /// The first position of the warp's tile.
  PARAMIXER_HOST_DEVICE std::int64_t tile_first(std::int64_t pass_first,
                                                std::int32_t thread) const {
    return pass_first + thread / 32 * kTile;
  }

  PARAMIXER_HOST_DEVICE void stage_rows(const Place& shared, std::int64_t pass_first,
                                        std::int32_t thread) const {
    Real* rows = own_rows(shared, thread);
    const std::int64_t first = tile_first(pass_first, thread);
    const std::int64_t left = fused.factor.links.positions - first;
    for (std::int32_t n = thread % 32; n < kTile * padded(fused.inputs); n += 32) {
      const std::int32_t row = n / padded(fused.inputs);
      const std::int32_t input = n % padded(fused.inputs);
      const bool there = row < left && input < fused.inputs;
      rows[row * row_stride() + input] =
          there ? fused.rows[(first + row) * fused.inputs + input] : Real{};
    }
  }

  PARAMIXER_HOST_DEVICE void begin_links(const Place& shared, std::int32_t thread,
                                         Thread& own) const {
    const TileLane lane(thread);
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kLinkTiles; ++n) {
      own.links[n][0] = own.links[n][2] = shared.second_bias[8 * n + lane.column];
      own.links[n][1] = own.links[n][3] = shared.second_bias[8 * n + lane.column + 1];
    }
  }

  /// Hidden units [unit, unit + 16) of the tile.
  PARAMIXER_HOST_DEVICE void form_hidden(const Place& shared, std::int32_t unit,
                                         std::int32_t thread) const {
    const TileLane lane(thread);
    const TileOperand<Real> rows{own_rows(shared, thread), row_stride()};
    Real* hidden = own_hidden(shared, thread);
    PARAMIXER_UNROLL
    for (std::int32_t half = 0; half < kTile; half += 8) {
      const float* bias = shared.first_bias + unit + half + lane.column;
      float sum[4] = {bias[0], bias[1], bias[0], bias[1]};
      for (std::int32_t input = 0; input < fused.inputs; input += kTile) {
        multiply_tile(lane, TileOperand<Real>{rows.at(0, input), rows.stride},
                      TileOperand<Real>{shared.first_weight + (unit + half) * row_stride() + input,
                                        row_stride()},
                      sum);
      }
      Real* low = hidden + lane.row * kHiddenStride + half + lane.column;
      Real* high = low + 8 * kHiddenStride;
      low[0] = activation<Real>(sum[0]);
      low[1] = activation<Real>(sum[1]);
      high[0] = activation<Real>(sum[2]);
      high[1] = activation<Real>(sum[3]);
    }
  }

  PARAMIXER_HOST_DEVICE void add_links(const Place& shared, std::int32_t unit, std::int32_t thread,
                                       Thread& own) const {
    const TileOperand<Real> hidden{own_hidden(shared, thread), kHiddenStride};
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kLinkTiles; ++n) {
      multiply_tile(
          TileLane(thread), hidden,
          TileOperand<Real>{shared.second_weight + 8 * n * second_stride() + unit, second_stride()},
          own.links[n]);
    }
  }

  PARAMIXER_HOST_DEVICE void share_links(const Place& shared, std::int32_t thread,
                                         const Thread& own) const {
    const TileLane lane(thread);
    float* low = own_links(shared, thread) + lane.row * kLinkStride + lane.column;
    float* high = low + 8 * kLinkStride;
    PARAMIXER_UNROLL
    for (std::int32_t n = 0; n < kLinkTiles; ++n) {
      low[8 * n] = own.links[n][0];
      low[8 * n + 1] = own.links[n][1];
      high[8 * n] = own.links[n][2];
      high[8 * n + 1] = own.links[n][3];
    }
  }

  PARAMIXER_HOST_DEVICE void use_links(const Place& shared, std::int64_t pass_first,
                                       std::int32_t thread) const {
    const float* links = own_links(shared, thread);
    const std::int64_t first = tile_first(pass_first, thread);
    if constexpr (kUse == LinkUse::kWrite) {
      write_links(links, first, thread);
    } else if (fused.factor.channels % kWideChannels<Real> == 0) {
      apply_links<kWideChannels<Real>>(links, first, thread);
    } else {
      apply_links<1>(links, first, thread);
    }
  }

  PARAMIXER_HOST_DEVICE void write_links(const float* links, std::int64_t first,
                                         std::int32_t thread) const {
    const std::int32_t count = fused.factor.links.links;
    for (std::int32_t n = thread % 32; n < kTile * count; n += 32) {
      const std::int64_t position = first + n / count;
      if (position >= fused.factor.links.positions) return;
      out[position * count + n % count] =
          from_float<Real>(links[n / count * kLinkStride + n % count]);
    }
  }

  template <int kChannels>
  PARAMIXER_HOST_DEVICE void apply_links(const float* links, std::int64_t first,
                                         std::int32_t thread) const {
    const auto vectors = static_cast<std::int32_t>(fused.factor.channels / kChannels);
    for (std::int32_t n = thread % 32; n < kTile * vectors; n += 32) {
      const std::int64_t position = first + n / vectors;
      if (position >= fused.factor.links.positions) return;
      const float* own = links + n / vectors * kLinkStride;
      const std::int64_t channel = std::int64_t{n % vectors} * kChannels;
      const std::int64_t element = position * fused.factor.channels + channel;
      float sum[kChannels];
      load_channels(fused.factor.values + element, sum);
      add_neighbours<LinkOwner::kSelf, ValuesFrom::kPosition>(
          fused.factor, position, channel, [&](std::int32_t k, std::int64_t) { return own[k]; },
          sum);
      store_channels(out + element, sum);
    }
  }
};

}  // namespace paramixer
