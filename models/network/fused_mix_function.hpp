#pragma once

#include <memory>
#include <vector>

#include <torch/torch.h>

#include "core/kernels/fused/fused_mix_engine.hpp"
#include "models/network/link_mlp_function.hpp"
#include "models/network/mix_function.hpp"

namespace paramixer {

/// mix() with the links networks[m](rows_ti) of factor m at every position, one row per position.
/// Differentiable in `values_te` [T, E], `rows_ti` [T, I] and every weight. For models whose links
/// do not fold. float32 on the CPU runs `engine`, which never has all links in memory; on a CUDA
/// device the CUDA kernels run where they take the sizes, with the links of one factor in memory in
/// the backward pass and none in the forward one; everything else runs link_mlps() and mix().
torch::Tensor mix_fused(const c10::intrusive_ptr<MixPlan>& plan,
                        const std::shared_ptr<FusedMixEngine>& engine,
                        const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                        const std::vector<LinkMlpTensors>& networks);

}  // namespace paramixer
