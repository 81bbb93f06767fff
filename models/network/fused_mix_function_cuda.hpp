#pragma once

#include "models/network/fused_mix_function.hpp"

namespace paramixer {

/// Whether the fused CUDA kernels take these tensors: see cuda_kernels_take() and fused_mix_fits().
bool fused_cuda_takes(const MixPlan& plan, const torch::Tensor& values_te,
                      const torch::Tensor& rows_ti, const std::vector<LinkMlpTensors>& networks);

/// mix_fused() by the CUDA kernels, for tensors that fused_cuda_takes().
torch::Tensor mix_fused_cuda(const c10::intrusive_ptr<MixPlan>& plan,
                             const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                             const std::vector<LinkMlpTensors>& networks);

}  // namespace paramixer
