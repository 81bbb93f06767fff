#include "models/network/link_mlp_gradient.hpp"

#include <algorithm>

namespace paramixer {
namespace {

/// Zeros for a sum of values like `tensor`.
torch::Tensor sum_for(const torch::Tensor& tensor) {
  const bool wide = tensor.scalar_type() == torch::kDouble;
  return torch::zeros_like(tensor, tensor.options().dtype(wide ? torch::kDouble : torch::kFloat));
}

}  // namespace

LinkMlpTensorGradients link_mlp_backward(const torch::Tensor& rows_ri,
                                         const LinkMlpTensors& network,
                                         const torch::Tensor& grad_outputs_rl,
                                         std::int64_t rows_at_once) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor grad_rows = torch::empty_like(rows_ri);
  const LinkMlpTensors sums{sum_for(network.first), sum_for(network.first_bias),
                            sum_for(network.second), sum_for(network.second_bias)};
  for (std::int64_t begin = 0; begin < rows_ri.size(0); begin += rows_at_once) {
    const std::int64_t count = std::min(rows_at_once, rows_ri.size(0) - begin);
    const torch::Tensor rows = rows_ri.narrow(0, begin, count);
    const torch::Tensor grad_outputs = grad_outputs_rl.narrow(0, begin, count);
    const torch::Tensor hidden = torch::linear(rows, network.first, network.first_bias);
    const torch::Tensor grad_hidden = at::gelu_backward(grad_outputs.mm(network.second), hidden);
    sums.second.add_(grad_outputs.t().mm(torch::gelu(hidden)));
    sums.second_bias.add_(grad_outputs.sum(0));
    sums.first.add_(grad_hidden.t().mm(rows));
    sums.first_bias.add_(grad_hidden.sum(0));
    grad_rows.narrow(0, begin, count).copy_(grad_hidden.mm(network.first));
  }
  const auto type = rows_ri.scalar_type();
  return {grad_rows,
          {sums.first.to(type), sums.first_bias.to(type), sums.second.to(type),
           sums.second_bias.to(type)}};
}

}  // namespace paramixer
