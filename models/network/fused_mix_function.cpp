#include "models/network/fused_mix_function.hpp"

#include "models/network/autograd_seam.hpp"
#include "models/network/spanned_mix.hpp"

#if defined(PARAMIXER_WITH_CUDA)
#include "models/network/fused_mix_function_cuda.hpp"
#endif

namespace paramixer {
namespace {

using torch::autograd::variable_list;

const MixPlan& plan_of(const c10::IValue& plan) {
  return static_cast<const MixPlan&>(*plan.toCapsule());
}

/// A FusedMixProblem with the weight table it refers to. `weights` is first, first bias, second,
/// second bias of every network, contiguous.
struct FusedTensorProblem {
  FusedTensorProblem(const MixPlan& plan, const torch::Tensor& values_te,
                     const torch::Tensor& rows_ti, at::ArrayRef<torch::Tensor> weights) {
    networks = weight_pointers(weights);
    problem = {.pattern = &plan.pattern,
               .boundary = plan.boundary,
               .starts = plan.starts,
               .channels = values_te.size(1),
               .shape = {weights[0].size(1), weights[0].size(0), weights[2].size(0)},
               .networks = networks,
               .rows = rows_ti.const_data_ptr<float>()};
  }

  /// The problem of some factors, whose pattern is `pattern`.
  FusedMixProblem<float> part(const FactorSpan& span, const LinkPattern& pattern) const {
    FusedMixProblem<float> part = problem;
    part.pattern = &pattern;
    part.networks = std::span(networks).subspan(static_cast<std::size_t>(span.first),
                                                static_cast<std::size_t>(span.count));
    return part;
  }

  std::vector<LinkMlpWeights<float>> networks;
  FusedMixProblem<float> problem;
};

SpannedMix::Forward forward_by(FusedMixEngine& engine, const MixPlan& plan,
                               const FusedTensorProblem& tensors) {
  return [&](const FactorSpan& span, const MixForward<float>& buffers) {
    const LinkPattern pattern = plan.pattern.part(span.first, span.count);
    engine.forward(tensors.part(span, pattern), buffers);
  };
}

/// The operands of a call that have no gradient.
struct FusedMixCall {
  c10::IValue plan;
  c10::IValue engine;
  bool needs_gradients = false;
};

/// Fused mixing on the CPU with gradients by the engine's backward kernels.
class FusedMixFunction : public torch::autograd::Function<FusedMixFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                               at::TensorList weights, const FusedMixCall& call) {
    const MixPlan& plan = plan_of(call.plan);
    const torch::Tensor input = values_te.contiguous();
    variable_list saved{input, torch::Tensor(), rows_ti.contiguous()};
    for (const auto& weight : weights) saved.push_back(weight.contiguous());
    const FusedTensorProblem tensors(plan, input, saved[2],
                                     at::ArrayRef<torch::Tensor>(saved).slice(3));
    const SpannedMix spanned(plan.recompute, tensors.problem.factors());
    torch::Tensor output = torch::empty_like(input);
    if (call.needs_gradients) saved[1] = spanned.make_states(input);
    spanned.run_forward(input, saved[1], output,
                        forward_by(held_engine<FusedMixEngine>(call.engine), plan, tensors));
    if (call.needs_gradients) {
      context->save_for_backward(std::move(saved));
      context->saved_data["plan"] = call.plan;
      context->saved_data["engine"] = call.engine;
    }
    return output;
  }

  static variable_list backward(torch::autograd::AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const at::ArrayRef<torch::Tensor> weights = at::ArrayRef<torch::Tensor>(saved).slice(3);
    const MixPlan& plan = plan_of(context->saved_data["plan"]);
    auto& engine = held_engine<FusedMixEngine>(context->saved_data["engine"]);
    const FusedTensorProblem tensors(plan, saved[0], saved[2], weights);
    const torch::Tensor grad_output = grads[0].contiguous();
    variable_list result{torch::empty_like(saved[0]), torch::zeros_like(saved[2])};
    for (const auto& weight : weights) result.push_back(torch::empty_like(weight));
    const auto gradients = gradient_pointers(at::ArrayRef<torch::Tensor>(result).slice(2));
    const auto backward = [&](const FactorSpan& span, const MixBackward<float>& buffers) {
      const LinkPattern pattern = plan.pattern.part(span.first, span.count);
      engine.backward(
          tensors.part(span, pattern),
          {.input = buffers.input,
           .states = buffers.states,
           .grad_output = buffers.grad_output,
           .grad_input = buffers.grad_input,
           .grad_rows = result[1].mutable_data_ptr<float>(),
           .gradients = std::span(gradients).subspan(static_cast<std::size_t>(span.first),
                                                     static_cast<std::size_t>(span.count))});
    };
    SpannedMix(plan.recompute, tensors.problem.factors())
        .run_backward({saved[0], saved[1], grad_output, result[0]},
                      forward_by(engine, plan, tensors), backward);
    result.emplace_back();  // FusedMixCall has no gradient.
    return result;
  }
};

}  // namespace

torch::Tensor mix_fused(const c10::intrusive_ptr<MixPlan>& plan,
                        const std::shared_ptr<FusedMixEngine>& engine,
                        const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                        const std::vector<LinkMlpTensors>& networks) {
  if (networks.empty()) return values_te;
  if (mixes_in_bfloat16(plan->storage, values_te) &&
      networks.front().first.scalar_type() != torch::kBFloat16) {
    std::vector<LinkMlpTensors> rounded;
    for (const auto& network : networks) rounded.push_back(network.to(torch::kBFloat16));
    return mix_fused(plan, engine, values_te.to(torch::kBFloat16), rows_ti.to(torch::kBFloat16),
                     rounded);
  }
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
                                 FusedMixCall{c10::IValue::make_capsule(plan), hold_engine(engine),
                                              needs_gradients(operands)});
}

}  // namespace paramixer
