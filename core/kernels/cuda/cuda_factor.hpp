#pragma once

#include "core/kernels/cuda/channel_words.hpp"
#include "core/kernels/cuda/link_index.hpp"

namespace paramixer {

/// Layout of a batch's sequences and the links of one factor. Pointers to device memory.
struct CudaLinks {
  const std::int64_t* starts;   ///< [B + 1]
  const std::int64_t* offsets;  ///< [L]
  std::int64_t sequences;       ///< B
  std::int64_t positions;       ///< T
  std::int32_t links;           ///< L
  Boundary boundary;
};

/// One factor on a whole batch, as its kernels see it. Pointers to device memory.
template <typename Real>
struct CudaFactor {
  CudaLinks links;
  std::int64_t channels;                    ///< E
  const Real* weights;                      ///< [rows, L]
  const std::int32_t* row_of;               ///< [T]; null: the row is the position.
  const Real* values;                       ///< [T, E], or with value_row [rows, E]
  const std::int32_t* value_row = nullptr;  ///< [T]; null: the row is the position.

  PARAMIXER_HOST_DEVICE const Real* row(std::int64_t position) const {
    return weights + (row_of != nullptr ? row_of[position] : position) * links.links;
  }
};

/// Location of a position's values: its own row, or the row given by value_row.
enum class ValuesFrom { kPosition, kRow };

template <ValuesFrom kFrom, typename Real>
PARAMIXER_HOST_DEVICE const Real* values_at(const CudaFactor<Real>& factor, std::int64_t position) {
  const std::int64_t row = kFrom == ValuesFrom::kRow ? factor.value_row[position] : position;
  return factor.values + row * factor.channels;
}

/// How a block's threads share (position, item) pairs when a position has `items` items: `tile`
/// whole positions per block, or one position and a loop where it has more items than threads.
struct PositionTile {
  static constexpr std::int32_t kThreads = 256;

  PARAMIXER_HOST_DEVICE explicit PositionTile(std::int64_t items_per_position)
      : items(items_per_position),
        tile(items_per_position < kThreads
                 ? kThreads / static_cast<std::int32_t>(items_per_position)
                 : 1) {}

  PARAMIXER_HOST_DEVICE std::int64_t blocks(std::int64_t positions) const {
    return (positions + tile - 1) / tile;
  }

  /// Calls visit(position, item) for every pair of thread `thread` of block `block`.
  template <typename Visit>
  PARAMIXER_HOST_DEVICE void visit(std::int64_t block, std::int32_t thread, std::int64_t positions,
                                   Visit&& visit) const {
    std::int32_t local = 0;
    std::int64_t item = thread;
    if (tile > 1) {
      local = thread / static_cast<std::int32_t>(items);
      item = thread % static_cast<std::int32_t>(items);
    }
    const std::int64_t position = block * tile + local;
    if (local >= tile || position >= positions) return;
    for (; item < items; item += kThreads) visit(position, item);
  }

  std::int64_t items;
  std::int32_t tile;
};

/// Adds to `sum` the contributions of `position`'s links for channels [channel, channel +
/// kChannels) of factor.values. weight(k, neighbour) is the weight of the link between the two.
template <LinkOwner kOwner, ValuesFrom kFrom, int kChannels, typename Real, typename Weight>
PARAMIXER_HOST_DEVICE void add_neighbours(const CudaFactor<Real>& factor, std::int64_t position,
                                          std::int64_t channel, Weight&& weight,
                                          float (&sum)[kChannels]) {
  const CudaLinks& links = factor.links;
  if (links.links == 0) return;
  const SequencePlace place = find_sequence(links.starts, links.sequences, position);
  const auto i = static_cast<std::int32_t>(position - place.start);
  PARAMIXER_NO_UNROLL
  for (std::int32_t k = 0; k < links.links; ++k) {
    const std::int32_t step = link_step<kOwner>(links.offsets[k], place.length, links.boundary);
    const std::int32_t j = step_from(i, step, place.length, links.boundary);
    if (j < 0) continue;
    const std::int64_t neighbour = place.start + j;
    const float w = weight(k, neighbour);
    float value[kChannels];
    load_channels(values_at<kFrom>(factor, neighbour) + channel, value);
    PARAMIXER_UNROLL
    for (int c = 0; c < kChannels; ++c) sum[c] += w * value[c];
  }
}

/// out[position, channel..] of one factor: kSelf is the forward pass, kNeighbour the gradient of
/// the values. Every output is written by one thread, so nothing is added atomically.
template <LinkOwner kOwner, int kChannels, ValuesFrom kFrom = ValuesFrom::kPosition, typename Real>
PARAMIXER_HOST_DEVICE void gather_channels(const CudaFactor<Real>& factor, std::int64_t position,
                                           std::int64_t channel, Real* out) {
  const Real* own_row = kOwner == LinkOwner::kSelf ? factor.row(position) : nullptr;
  const auto weight = [&](std::int32_t k, std::int64_t neighbour) {
    return to_float(kOwner == LinkOwner::kSelf ? own_row[k] : factor.row(neighbour)[k]);
  };
  float sum[kChannels];
  load_channels(values_at<kFrom>(factor, position) + channel, sum);
  add_neighbours<kOwner, kFrom>(factor, position, channel, weight, sum);
  store_channels(out + position * factor.channels + channel, sum);
}

/// Gradient of the weight of link `k` of `position`: the product of the factor's output gradient
/// (`factor.values`) at the position with the factor's input at the link's target; 0 when dropped.
template <int kChannels, typename Real>
PARAMIXER_HOST_DEVICE float link_gradient(const CudaFactor<Real>& factor, const Real* inputs,
                                          std::int64_t position, std::int32_t k) {
  const CudaLinks& links = factor.links;
  const SequencePlace place = find_sequence(links.starts, links.sequences, position);
  const auto i = static_cast<std::int32_t>(position - place.start);
  const std::int32_t step =
      link_step<LinkOwner::kSelf>(links.offsets[k], place.length, links.boundary);
  const std::int32_t j = step_from(i, step, place.length, links.boundary);
  if (j < 0) return 0.0F;
  const Real* gradient = factor.values + position * factor.channels;
  const Real* input = inputs + (place.start + j) * factor.channels;
  float sum = 0.0F;
  for (std::int64_t c = 0; c < factor.channels; c += kChannels) {
    float a[kChannels];
    float b[kChannels];
    load_channels(gradient + c, a);
    load_channels(input + c, b);
    PARAMIXER_UNROLL
    for (int n = 0; n < kChannels; ++n) sum += a[n] * b[n];
  }
  return sum;
}

}  // namespace paramixer
