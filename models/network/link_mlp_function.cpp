#include "models/network/link_mlp_function.hpp"

#include "models/network/autograd_seam.hpp"

namespace paramixer {
namespace {

/// A LinkMlpProblem with the weight table it refers to. `weights` is first, first bias, second,
/// second bias of every network, contiguous.
struct LinkMlpTensorProblem {
  LinkMlpTensorProblem(const torch::Tensor& rows_re, at::ArrayRef<torch::Tensor> weights) {
    networks = weight_pointers(weights);
    problem.shape = {weights[0].size(1), weights[0].size(0), weights[2].size(0)};
    problem.networks = networks;
    problem.rows = rows_re.const_data_ptr<float>();
    problem.count = rows_re.size(0);
  }

  std::vector<LinkMlpWeights<float>> networks;
  LinkMlpProblem<float> problem;
};

class LinkMlpFunction : public torch::autograd::Function<LinkMlpFunction> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                const torch::Tensor& rows_re,
                                                at::TensorList weights, const c10::IValue& holder) {
    torch::autograd::variable_list saved{rows_re.contiguous()};
    for (const auto& weight : weights) saved.push_back(weight.contiguous());
    const LinkMlpTensorProblem tensors(saved[0], at::ArrayRef<torch::Tensor>(saved).slice(1));
    torch::autograd::variable_list outputs;
    std::vector<float*> pointers;
    for (std::size_t m = 0; m < tensors.networks.size(); ++m) {
      outputs.push_back(
          torch::empty({tensors.problem.count, tensors.problem.shape.outputs}, rows_re.options()));
      pointers.push_back(outputs.back().mutable_data_ptr<float>());
    }
    held_engine<LinkMlpEngine>(holder).forward(tensors.problem, pointers);
    context->save_for_backward(std::move(saved));
    context->saved_data["engine"] = holder;
    return outputs;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const LinkMlpTensorProblem tensors(saved[0], at::ArrayRef<torch::Tensor>(saved).slice(1));
    std::vector<torch::Tensor> contiguous;
    std::vector<const float*> grad_outputs;
    for (const auto& grad : grads) {
      contiguous.push_back(grad.defined() ? grad.contiguous() : grad);
      grad_outputs.push_back(grad.defined() ? contiguous.back().const_data_ptr<float>() : nullptr);
    }
    torch::autograd::variable_list result;
    for (const auto& input : saved) result.push_back(torch::empty_like(input));
    const auto gradients = gradient_pointers(at::ArrayRef<torch::Tensor>(result).slice(1));
    held_engine<LinkMlpEngine>(context->saved_data["engine"])
        .backward(tensors.problem, {grad_outputs, result[0].mutable_data_ptr<float>(), gradients});
    result.emplace_back();  // The engine has no gradient.
    return result;
  }
};

torch::Tensor link_mlp_eager(const torch::Tensor& rows_re, const LinkMlpTensors& weights) {
  const LinkMlpTensors network = weights.to(rows_re.scalar_type());
  const torch::Tensor hidden =
      torch::gelu(torch::linear(rows_re, network.first, network.first_bias));
  return torch::linear(hidden, network.second, network.second_bias);
}

}  // namespace

std::vector<torch::Tensor> link_mlps(const std::shared_ptr<LinkMlpEngine>& engine,
                                     const torch::Tensor& rows_re,
                                     const std::vector<LinkMlpTensors>& networks) {
  if (networks.empty()) return {};
  if (rows_re.is_cpu() && rows_re.scalar_type() == torch::kFloat) {
    std::vector<torch::Tensor> weights;
    append_flat(networks, weights);
    return LinkMlpFunction::apply(rows_re, at::TensorList(weights), hold_engine(engine));
  }
  std::vector<torch::Tensor> outputs;
  for (const LinkMlpTensors& network : networks) {
    outputs.push_back(link_mlp_eager(rows_re, network));
  }
  return outputs;
}

}  // namespace paramixer
