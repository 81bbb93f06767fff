#pragma once

#include "core/kernels/cuda/cuda_factor.hpp"

namespace paramixer {

/// The positions of a batch sorted by the table row they use, so that the gradient of a row is a
/// sum over neighbours in this order: no atomics, and the same bits every time.
struct RowOrder {
  const std::int64_t* position;   ///< [T], sorted by row.
  const std::int64_t* row_begin;  ///< [rows + 1], indices into `position`.
  std::int64_t rows;
  std::int64_t splits;  ///< Blocks that share the positions of one row.
};

/// The gradient of a folded table, one block for every (row, split): every thread sums one link
/// over every lanes()-th position of its split, the block adds up its lanes in order and writes
/// partial[row, split, k]. A second kernel adds up the splits in order.
template <typename Real>
struct TableGradientBlock {
  static constexpr std::int32_t kThreads = 256;

  CudaFactor<Real> factor;
  const Real* inputs;
  RowOrder order;
  float* partial;  ///< [rows, splits, L]

  PARAMIXER_HOST_DEVICE std::int32_t lanes() const { return kThreads / factor.links.links; }

  /// What thread `thread` of block `block` adds up on its own.
  template <int kChannels>
  PARAMIXER_HOST_DEVICE float thread_sum(std::int64_t block, std::int32_t thread) const {
    const std::int64_t row = block / order.splits;
    const std::int64_t split = block % order.splits;
    const std::int64_t begin = order.row_begin[row];
    const std::int64_t count = order.row_begin[row + 1] - begin;
    const std::int64_t share = (count + order.splits - 1) / order.splits;
    const std::int64_t last = begin + count;
    const std::int64_t first = begin + split * share;
    const std::int64_t end = first + share < last ? first + share : last;
    const std::int32_t lane = thread / factor.links.links;
    const std::int32_t k = thread % factor.links.links;
    float sum = 0.0F;
    if (lane >= lanes()) return sum;
    for (std::int64_t s = first + lane; s < end; s += lanes()) {
      sum += link_gradient<kChannels>(factor, inputs, order.position[s], k);
    }
    return sum;
  }

  /// Adds up the block's thread sums for link `thread`.
  PARAMIXER_HOST_DEVICE void write_sum(std::int64_t block, std::int32_t thread,
                                       const float* thread_sums) const {
    if (thread >= factor.links.links) return;
    float sum = 0.0F;
    for (std::int32_t lane = 0; lane < lanes(); ++lane) {
      sum += thread_sums[lane * factor.links.links + thread];
    }
    partial[block * factor.links.links + thread] = sum;
  }
};

/// Entry (row, link) number `entry` of the table's gradient: its splits in order.
template <typename Real>
PARAMIXER_HOST_DEVICE void add_splits(const float* partial, std::int64_t splits, std::int32_t links,
                                      std::int64_t entry, Real* table) {
  const std::int64_t row = entry / links;
  const std::int64_t k = entry % links;
  float sum = 0.0F;
  for (std::int64_t split = 0; split < splits; ++split) {
    sum += partial[(row * splits + split) * links + k];
  }
  table[entry] = from_float<Real>(sum);
}

}  // namespace paramixer
