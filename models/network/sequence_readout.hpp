#pragma once

#include <cstdint>
#include <span>

#include <torch/torch.h>

namespace paramixer {

/// Turns the values of positions into logits. Without gradients, float32 on the CPU is computed by
/// loops of fixed order: the result for a row or sequence depends on that row or sequence alone,
/// bit for bit, whatever else is in the batch and however many threads there are. (Torch chooses
/// the order of products and sums by both.) Everything else is left to torch.

/// layer.forward(rows): [R, outputs] of [R, inputs].
torch::Tensor linear_of_rows(torch::nn::LinearImpl& layer, const torch::Tensor& rows_ri);
/// The same by the loops. Requires computes_in_fixed_order() of all.
torch::Tensor linear_of_rows(const torch::Tensor& rows_ri, const torch::Tensor& weight_oi,
                             const torch::Tensor& bias_o);

/// Whether the loops apply to `values`.
bool computes_in_fixed_order(const torch::Tensor& values);

/// Sequences laid end to end: sequence b begins at position starts[b] and has valid[b] positions
/// that are not padding.
struct SequencePlaces {
  std::span<const std::int64_t> starts;  ///< [B] or more.
  std::span<const std::int64_t> valid;   ///< [B]
};

/// Means of sequences of `values_te` over the positions that are not padding, weighted by the
/// softmax of `scores_t1` [T, 1], equally where that is undefined: [B, E]. By the loops; requires
/// computes_in_fixed_order(values_te).
torch::Tensor mean_of_sequences(const torch::Tensor& values_te, const torch::Tensor& scores_t1,
                                const SequencePlaces& places);

}  // namespace paramixer
