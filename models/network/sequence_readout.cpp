#include "models/network/sequence_readout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ATen/Parallel.h>

namespace paramixer {
namespace {

/// Features whose products are summed at once. The parts of a long row are shared among threads.
constexpr std::int64_t kPart = 2048;
/// Rows that use a part of a weight row in turn, while it is in the first-level cache.
constexpr std::int64_t kRowsAtOnce = 64;
constexpr int kSums = 16;  ///< Concurrent sums: as many as vector registers hold.

/// Positions of a sequence that a thread takes.
constexpr std::int64_t kPiece = 1024;
/// Positions summed in float32 before the sum is added in float64.
constexpr std::int64_t kBlock = 32;

/// Below this many products waking the threads takes longer than the work.
constexpr std::int64_t kFewProducts = 1 << 16;

std::int64_t pieces_of(std::int64_t whole, std::int64_t piece) {
  return (whole + piece - 1) / piece;
}

/// Tasks of `products` products each that a thread takes at once.
std::int64_t grain_of(std::int64_t products) {
  return std::max<std::int64_t>(1, kFewProducts / std::max<std::int64_t>(1, products));
}

/// The vector width every processor supports. GCC 12 at -O3 makes slow code of loops over single
/// floats.
typedef float Four __attribute__((vector_size(4 * sizeof(float))));
constexpr int kFours = kSums / 4;

inline Four load(const float* source) {
  Four values;
  __builtin_memcpy(&values, source, sizeof values);
  return values;
}

float dot(const float* a, const float* b, std::int64_t count) {
  Four fours[kFours] = {};
  std::int64_t i = 0;
  for (; i + kSums <= count; i += kSums) {
#pragma GCC unroll 4
    for (int f = 0; f < kFours; ++f) fours[f] += load(a + i + 4 * f) * load(b + i + 4 * f);
  }
  float sums[kSums];
  __builtin_memcpy(sums, fours, sizeof sums);
  for (int s = 0; i < count; ++i, ++s) sums[s] += a[i] * b[i];
  for (int width = kSums / 2; width > 0; width /= 2) {
    for (int s = 0; s < width; ++s) sums[s] += sums[s + width];
  }
  return sums[0];
}

/// A product of rows and weight rows, in parts of the features.
struct RowProduct {
  const float* rows;
  const float* weights;
  std::int64_t count;
  std::int64_t inputs;
  std::int64_t outputs;

  std::int64_t parts() const { return pieces_of(inputs, kPart); }

  /// sums [count, outputs] of one part, for some of the rows.
  void add_part(std::int64_t part, std::int64_t first_row, float* sums) const {
    const std::int64_t first = part * kPart;
    const std::int64_t size = std::min(kPart, inputs - first);
    const std::int64_t last_row = std::min(count, first_row + kRowsAtOnce);
    for (std::int64_t o = 0; o < outputs; ++o) {
      const float* const weight = weights + o * inputs + first;
      for (std::int64_t r = first_row; r < last_row; ++r) {
        sums[r * outputs + o] = dot(rows + r * inputs + first, weight, size);
      }
    }
  }
};

/// Some positions of a sequence.
struct Piece {
  std::size_t sequence = 0;
  std::int64_t first = 0;  ///< In the batch.
  std::int64_t last = 0;
};

std::vector<Piece> pieces_of(const SequencePlaces& places) {
  std::vector<Piece> pieces;
  for (std::size_t b = 0; b < places.valid.size(); ++b) {
    const std::int64_t end = places.starts[b] + places.valid[b];
    for (std::int64_t first = places.starts[b]; first < end; first += kPiece) {
      pieces.push_back({b, first, std::min(first + kPiece, end)});
    }
  }
  return pieces;
}

/// The largest score of every sequence.
std::vector<float> largest_scores(const float* scores, const SequencePlaces& places) {
  std::vector<float> largest;
  for (std::size_t b = 0; b < places.valid.size(); ++b) {
    float most = -std::numeric_limits<float>::infinity();
    for (std::int64_t t = 0; t < places.valid[b]; ++t) {
      most = std::max(most, scores[places.starts[b] + t]);
    }
    largest.push_back(most);
  }
  return largest;
}

/// Adjacent positions with one weight each.
struct WeightedBlock {
  const float* values;  ///< From the first channel that is wanted.
  std::int64_t pitch;   ///< Floats from one position to the next.
  std::int64_t count;
  float weights[kBlock];
};

/// Adds the weighted values of kSums channels to `sums`.
void add_channels(const WeightedBlock& block, std::int64_t channel, double* sums) {
  Four own[kFours] = {};
  for (std::int64_t t = 0; t < block.count; ++t) {
    const float* const values = block.values + t * block.pitch + channel;
#pragma GCC unroll 4
    for (int f = 0; f < kFours; ++f) own[f] += block.weights[t] * load(values + 4 * f);
  }
  for (int c = 0; c < kSums; ++c) sums[channel + c] += own[c / 4][c % 4];
}

/// The same for one channel.
void add_channel(const WeightedBlock& block, std::int64_t channel, double* sums) {
  float own = 0.0F;
  for (std::int64_t t = 0; t < block.count; ++t) {
    own += block.weights[t] * block.values[t * block.pitch + channel];
  }
  sums[channel] += own;
}

/// Weighted sums of the values of a batch.
struct WeightedSums {
  const float* values_te;
  std::int64_t channels;
  const float* scores;  ///< Null: all weights are 1.
  std::vector<float> largest;

  /// Doubles of a piece's sums: one per channel, and that of the weights.
  std::int64_t pitch() const { return channels + 1; }

  float weight(std::int64_t position, std::size_t sequence) const {
    return scores == nullptr ? 1.0F : std::exp(scores[position] - largest[sequence]);
  }

  /// Adds a piece to `sums`.
  void add(const Piece& piece, double* sums) const {
    for (std::int64_t first = piece.first; first < piece.last; first += kBlock) {
      WeightedBlock block{
          values_te + first * channels, channels, std::min(kBlock, piece.last - first), {}};
      for (std::int64_t t = 0; t < block.count; ++t) {
        block.weights[t] = weight(first + t, piece.sequence);
        sums[channels] += block.weights[t];
      }
      std::int64_t channel = 0;
      for (; channel + kSums <= channels; channel += kSums) add_channels(block, channel, sums);
      for (; channel < channels; ++channel) add_channel(block, channel, sums);
    }
  }
};

}  // namespace

bool computes_in_fixed_order(const torch::Tensor& values) {
  return values.is_cpu() && values.scalar_type() == torch::kFloat && !torch::GradMode::is_enabled();
}

torch::Tensor linear_of_rows(torch::nn::LinearImpl& layer, const torch::Tensor& rows_ri) {
  if (!computes_in_fixed_order(rows_ri)) return layer.forward(rows_ri);
  return linear_of_rows(rows_ri, layer.weight, layer.bias);
}

torch::Tensor linear_of_rows(const torch::Tensor& rows_ri, const torch::Tensor& weight_oi,
                             const torch::Tensor& bias_o) {
  const torch::Tensor rows = rows_ri.contiguous();
  const torch::Tensor weight = weight_oi.contiguous();
  const torch::Tensor bias = bias_o.contiguous();
  const RowProduct product{rows.const_data_ptr<float>(), weight.const_data_ptr<float>(),
                           rows.size(0), rows.size(1), weight.size(0)};
  const std::int64_t size = product.count * product.outputs;
  std::vector<float> sums(static_cast<std::size_t>(product.parts() * size));
  const std::int64_t row_groups = pieces_of(product.count, kRowsAtOnce);
  const std::int64_t products =
      std::min(product.count, kRowsAtOnce) * product.outputs * std::min(product.inputs, kPart);
  at::parallel_for(0, product.parts() * row_groups, grain_of(products),
                   [&](std::int64_t first, std::int64_t last) {
                     for (std::int64_t task = first; task < last; ++task) {
                       const std::int64_t part = task / row_groups;
                       product.add_part(part, task % row_groups * kRowsAtOnce,
                                        sums.data() + part * size);
                     }
                   });
  torch::Tensor result = torch::empty({product.count, product.outputs}, rows.options());
  float* const out = result.mutable_data_ptr<float>();
  const float* const constant = bias.const_data_ptr<float>();
  for (std::int64_t i = 0; i < size; ++i) {
    double sum = constant[i % product.outputs];
    for (std::int64_t p = 0; p < product.parts(); ++p) {
      sum += sums[static_cast<std::size_t>(p * size + i)];
    }
    out[i] = static_cast<float>(sum);
  }
  return result;
}

torch::Tensor mean_of_sequences(const torch::Tensor& values_te, const torch::Tensor& scores_t1,
                                const SequencePlaces& places) {
  const torch::Tensor values = values_te.contiguous();
  const torch::Tensor scores = scores_t1.defined() ? scores_t1.contiguous() : scores_t1;
  WeightedSums weighted{values.const_data_ptr<float>(), values.size(1), nullptr, {}};
  if (scores.defined()) {
    weighted.scores = scores.const_data_ptr<float>();
    weighted.largest = largest_scores(weighted.scores, places);
  }
  const std::int64_t pitch = weighted.pitch();
  const std::vector<Piece> pieces = pieces_of(places);
  std::vector<double> sums(pieces.size() * static_cast<std::size_t>(pitch), 0.0);
  at::parallel_for(0, std::ssize(pieces), grain_of(kPiece * weighted.channels),
                   [&](std::int64_t first, std::int64_t last) {
                     for (std::int64_t p = first; p < last; ++p) {
                       weighted.add(pieces[static_cast<std::size_t>(p)], sums.data() + p * pitch);
                     }
                   });
  std::vector<double> totals(places.valid.size() * static_cast<std::size_t>(pitch), 0.0);
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    double* const total = totals.data() + static_cast<std::int64_t>(pieces[p].sequence) * pitch;
    const double* const sum = sums.data() + static_cast<std::int64_t>(p) * pitch;
    for (std::int64_t c = 0; c < pitch; ++c) total[c] += sum[c];
  }
  torch::Tensor means =
      torch::empty({std::ssize(places.valid), weighted.channels}, values.options());
  float* out = means.mutable_data_ptr<float>();
  for (std::size_t b = 0; b < places.valid.size(); ++b) {
    const double* const total = totals.data() + static_cast<std::int64_t>(b) * pitch;
    for (std::int64_t c = 0; c < weighted.channels; ++c) {
      *out++ = static_cast<float>(total[c] / total[weighted.channels]);
    }
  }
  return means;
}

}  // namespace paramixer
