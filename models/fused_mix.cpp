#include "models/fused_mix.hpp"

#include "models/autograd_seam.hpp"

#if defined(PARAMIXER_WITH_CUDA)
#include "models/fused_mix_cuda.hpp"
#endif

namespace paramixer {
namespace {

using torch::autograd::variable_list;

const MixPlan& plan_of(const c10::IValue& plan) {
  return static_cast<const MixPlan&>(*plan.toCapsule());
}

/// A FusedMixProblem with the weight table it refers to. `weights` is first, first bias, second,
/// second bias of every network, contiguous.
struct TensorProblem {
  TensorProblem(const MixPlan& plan, const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                at::ArrayRef<torch::Tensor> weights) {
    networks = weight_pointers(weights);
    problem = {.pattern = &plan.pattern,
               .boundary = plan.boundary,
               .starts = plan.starts,
               .channels = values_te.size(1),
               .shape = {weights[0].size(1), weights[0].size(0), weights[2].size(0)},
               .networks = networks,
               .rows = rows_ti.const_data_ptr<float>()};
  }

  std::vector<LinkMlpWeights<float>> networks;
  FusedMixProblem<float> problem;
};

/// Fused mixing on the CPU with gradients by the engine's backward kernels.
class FusedMixFunction : public torch::autograd::Function<FusedMixFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                               at::TensorList weights, const c10::IValue& plan,
                               const c10::IValue& engine, bool needs_gradients) {
    const torch::Tensor input = values_te.contiguous();
    variable_list saved{input, torch::Tensor(), rows_ti.contiguous()};
    for (const auto& weight : weights) saved.push_back(weight.contiguous());
    const TensorProblem tensors(plan_of(plan), input, saved[2],
                                at::ArrayRef<torch::Tensor>(saved).slice(3));
    torch::Tensor output = torch::empty_like(input);
    torch::Tensor& states = saved[1];
    if (needs_gradients && tensors.networks.size() > 1) {
      states = torch::empty({tensors.problem.factors() - 1, input.size(0), input.size(1)},
                            input.options());
    }
    held_engine<FusedMixEngine>(engine).forward(
        tensors.problem, {input.const_data_ptr<float>(), output.mutable_data_ptr<float>(),
                          states.defined() ? states.mutable_data_ptr<float>() : nullptr});
    if (needs_gradients) {
      context->save_for_backward(std::move(saved));
      context->saved_data["plan"] = plan;
      context->saved_data["engine"] = engine;
    }
    return output;
  }

  static variable_list backward(torch::autograd::AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& states = saved[1];
    const at::ArrayRef<torch::Tensor> weights = at::ArrayRef<torch::Tensor>(saved).slice(3);
    const TensorProblem tensors(plan_of(context->saved_data["plan"]), saved[0], saved[2], weights);
    const torch::Tensor grad_output = grads[0].contiguous();
    variable_list result{torch::empty_like(saved[0]), torch::empty_like(saved[2])};
    for (const auto& weight : weights) result.push_back(torch::empty_like(weight));
    const auto gradients = gradient_pointers(at::ArrayRef<torch::Tensor>(result).slice(2));
    held_engine<FusedMixEngine>(context->saved_data["engine"])
        .backward(tensors.problem,
                  {.input = saved[0].const_data_ptr<float>(),
                   .states = states.defined() ? states.const_data_ptr<float>() : nullptr,
                   .grad_output = grad_output.const_data_ptr<float>(),
                   .grad_input = result[0].mutable_data_ptr<float>(),
                   .grad_rows = result[1].mutable_data_ptr<float>(),
                   .gradients = gradients});
    result.insert(result.end(), 3, torch::Tensor());  // Plan, engine and flag have no gradient.
    return result;
  }
};

}  // namespace

torch::Tensor mix_fused(const c10::intrusive_ptr<MixPlan>& plan,
                        const std::shared_ptr<FusedMixEngine>& engine,
                        const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                        const std::vector<LinkMlpTensors>& networks) {
  if (networks.empty()) return values_te;
#if defined(PARAMIXER_WITH_CUDA)
  if (fused_cuda_takes(*plan, values_te, rows_ti, networks)) {
    return mix_fused_cuda(plan, values_te, rows_ti, networks);
  }
#endif
  if (!values_te.is_cpu() || values_te.scalar_type() != torch::kFloat) {
    return mix(plan, values_te, link_mlps(nullptr, rows_ti, networks), {});
  }
  std::vector<torch::Tensor> weights;
  append_flat(networks, weights);
  std::vector<torch::Tensor> operands{values_te, rows_ti};
  operands.insert(operands.end(), weights.begin(), weights.end());
  return FusedMixFunction::apply(values_te, rows_ti, at::TensorList(weights),
                                 c10::IValue::make_capsule(plan), hold_engine(engine),
                                 needs_gradients(operands));
}

}  // namespace paramixer
