#pragma once

#include "models/network/link_mlp_function.hpp"

namespace paramixer {

/// Gradients of one network's rows [R, I] and weights.
struct LinkMlpTensorGradients {
  torch::Tensor rows;
  LinkMlpTensors network;
};

/// Those gradients from that of the network's outputs [R, L], by ATen's operations on any device.
/// Hidden values are recomputed for `rows_at_once` rows at a time, which bounds the memory. Sums
/// over rows are formed in float where the tensors are narrower.
LinkMlpTensorGradients link_mlp_backward(const torch::Tensor& rows_ri,
                                         const LinkMlpTensors& network,
                                         const torch::Tensor& grad_outputs_rl,
                                         std::int64_t rows_at_once);

}  // namespace paramixer
