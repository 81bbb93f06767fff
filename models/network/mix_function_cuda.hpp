#pragma once

#include "models/network/mix_function.hpp"

namespace paramixer {

/// mix() by the CUDA kernels, on torch's current stream, for tensors that cuda_kernels_take().
/// `links` must not be empty.
torch::Tensor mix_cuda(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& values_te,
                       const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t);

/// mix_rows() without gradients.
torch::Tensor mix_rows_cuda(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& per_row,
                            const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t);

/// at_positions() without gradients.
torch::Tensor at_positions_cuda(const torch::Tensor& per_row, const torch::Tensor& rows_t);

}  // namespace paramixer
