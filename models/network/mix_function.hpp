#pragma once

#include <memory>
#include <vector>

#include <torch/torch.h>

#include "core/kernels/mix/mix_engine.hpp"
#include "core/links/link_pattern.hpp"
#include "models/config/recompute.hpp"

namespace paramixer {

/// The inputs of the mixing operation besides tensors. Shared by the forward and the backward pass.
struct MixPlan : torch::CustomClassHolder {
  MixPlan(std::shared_ptr<MixEngine> mix_engine, LinkPattern link_pattern, Boundary link_boundary,
          std::vector<std::int64_t> sequence_starts)
      : engine(std::move(mix_engine)),
        pattern(std::move(link_pattern)),
        boundary(link_boundary),
        starts(std::move(sequence_starts)) {}

  std::shared_ptr<MixEngine> engine;
  LinkPattern pattern;
  Boundary boundary;
  std::vector<std::int64_t> starts;  ///< [B + 1]
  /// For float32 on the CPU; otherwise V is stored after every factor.
  Recompute recompute = Recompute::kNone;
  /// Used if no gradient is needed. On a CUDA device kBfloat16 turns all operands of mixing into
  /// bfloat16, including the result of any factors; on the CPU it applies only to V between
  /// factors.
  ValueStorage storage = ValueStorage::kFloat32;
};

/// V after mixing by factors 0..links.size()-1 (see core/kernels/mix/mix.hpp), differentiable in
/// `values_te` [T, E] and every `links[m]` [R, L]. `rows_t` [T] int32 names the row of a position;
/// undefined means row = position. The one seam between torch and the kernels: float32 on the CPU
/// runs MixEngine, float32 and bfloat16 on a CUDA device the CUDA kernels if they were built,
/// everything else mix_eager.
torch::Tensor mix(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& values_te,
                  const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t);

/// The same with V starting as row rows_t[t] of per_row [R, E]: mix(at_positions(...), ...),
/// without V in memory if the kernels can look it up.
torch::Tensor mix_rows(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& per_row,
                       const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t);

/// Whether mixing with this storage rounds operands like `values` to bfloat16 beforehand.
bool mixes_in_bfloat16(ValueStorage storage, const torch::Tensor& values);

/// mix() by gather and einsum of ATen, for any device and type. Memory: T x L x E per factor.
torch::Tensor mix_eager(const MixPlan& plan, torch::Tensor values_te,
                        const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t);

}  // namespace paramixer
