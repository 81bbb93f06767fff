#pragma once

#include <memory>
#include <vector>

#include <torch/torch.h>

#include "core/kernels/link_mlp/link_mlp_engine.hpp"

namespace paramixer {

/// Weights of one Linear - GELU(erf) - Linear.
struct LinkMlpTensors {
  torch::Tensor first;        ///< [H, E]
  torch::Tensor first_bias;   ///< [H]
  torch::Tensor second;       ///< [L, H]
  torch::Tensor second_bias;  ///< [L]

  LinkMlpTensors to(torch::ScalarType type) const {
    return {first.to(type), first_bias.to(type), second.to(type), second_bias.to(type)};
  }
};

/// The outputs of networks of one shape (f_m of every factor, or g) for every row of `rows_re` [R,
/// E]: one [R, L] per network, differentiable in rows and weights. float32 on the CPU runs
/// `engine`, which stores no hidden values; everything else runs ATen's operations in the rows'
/// type.
std::vector<torch::Tensor> link_mlps(const std::shared_ptr<LinkMlpEngine>& engine,
                                     const torch::Tensor& rows_re,
                                     const std::vector<LinkMlpTensors>& networks);

}  // namespace paramixer
