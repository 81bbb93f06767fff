#include "models/network/mix_function.hpp"

#include <algorithm>

#include "models/network/autograd_seam.hpp"
#include "models/network/row_lookup.hpp"
#include "models/network/spanned_mix.hpp"

#if defined(PARAMIXER_WITH_CUDA)
#include "models/network/cuda_tensors.hpp"
#include "models/network/mix_function_cuda.hpp"
#endif

namespace paramixer {
namespace {

/// A MixProblem with the pointer table it refers to.
struct MixTensorProblem {
  MixTensorProblem(const MixPlan& plan, const torch::Tensor& values_te,
                   at::ArrayRef<torch::Tensor> links, const torch::Tensor& rows_t) {
    for (const auto& weights : links) pointers.push_back(weights.const_data_ptr<float>());
    problem.pattern = &plan.pattern;
    problem.boundary = plan.boundary;
    problem.starts = plan.starts;
    problem.channels = values_te.size(1);
    problem.links.weights = pointers;
    problem.links.rows = links.empty() ? 0 : links.front().size(0);
    if (rows_t.defined()) {
      problem.links.row_of = {rows_t.const_data_ptr<std::int32_t>(),
                              static_cast<std::size_t>(rows_t.numel())};
    }
  }

  /// The problem of some factors, whose pattern is `pattern`.
  MixProblem<float> part(const FactorSpan& span, const LinkPattern& pattern) const {
    MixProblem<float> part = problem;
    part.pattern = &pattern;
    part.links.weights = std::span(pointers).subspan(static_cast<std::size_t>(span.first),
                                                     static_cast<std::size_t>(span.count));
    return part;
  }

  std::vector<const float*> pointers;
  MixProblem<float> problem;
};

SpannedMix::Forward forward_by(const MixPlan& plan, const MixTensorProblem& tensors,
                               ValueStorage storage = ValueStorage::kFloat32) {
  return [&plan, &tensors, storage](const FactorSpan& span, MixForward<float> buffers) {
    buffers.storage = storage;
    const LinkPattern pattern = plan.pattern.part(span.first, span.count);
    plan.engine->forward(tensors.part(span, pattern), buffers);
  };
}

/// The operands of a call that have no gradient. Function::apply takes no undefined tensor, so an
/// IValue holds the rows.
struct MixCall {
  c10::IValue plan;
  c10::IValue rows;
  bool needs_gradients = false;
};

/// Mixing on the CPU with gradients by the engine's backward kernels.
class MixFunction : public torch::autograd::Function<MixFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& values_te, at::TensorList links,
                               const MixCall& call) {
    const torch::Tensor& rows_t = call.rows.toTensor();
    const auto plan = call.plan.toCapsule();
    const auto& mix_plan = static_cast<const MixPlan&>(*plan);
    const torch::Tensor input = values_te.contiguous();
    std::vector<torch::Tensor> weights;
    for (const auto& link : links) weights.push_back(link.contiguous());
    const MixTensorProblem tensors(mix_plan, input, weights, rows_t);
    const SpannedMix spanned(mix_plan.recompute, tensors.problem.factors());
    torch::Tensor output = torch::empty_like(input);
    const torch::Tensor states =
        call.needs_gradients ? spanned.make_states(input) : torch::Tensor();
    const ValueStorage storage = call.needs_gradients ? ValueStorage::kFloat32 : mix_plan.storage;
    spanned.run_forward(input, states, output, forward_by(mix_plan, tensors, storage));
    if (call.needs_gradients) {
      torch::autograd::variable_list saved{input, states, rows_t};
      saved.insert(saved.end(), weights.begin(), weights.end());
      context->save_for_backward(std::move(saved));
      context->saved_data["plan"] = call.plan;
    }
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto plan = context->saved_data["plan"].toCapsule();
    const auto& mix_plan = static_cast<const MixPlan&>(*plan);
    const torch::Tensor& input = saved[0];
    const torch::Tensor& states = saved[1];
    const std::vector<torch::Tensor> weights(saved.begin() + 3, saved.end());
    const MixTensorProblem tensors(mix_plan, input, weights, saved[2]);
    const torch::Tensor grad_output = grads[0].contiguous();
    torch::autograd::variable_list result{torch::empty_like(input)};
    std::vector<float*> grad_pointers;
    for (const auto& link : weights) {
      result.push_back(torch::empty_like(link));
      grad_pointers.push_back(result.back().mutable_data_ptr<float>());
    }
    const auto backward = [&](const FactorSpan& span, MixBackward<float> buffers) {
      const LinkPattern pattern = mix_plan.pattern.part(span.first, span.count);
      buffers.grad_weights =
          std::span(grad_pointers)
              .subspan(static_cast<std::size_t>(span.first), static_cast<std::size_t>(span.count));
      mix_plan.engine->backward(tensors.part(span, pattern), buffers);
    };
    SpannedMix(mix_plan.recompute, tensors.problem.factors())
        .run_backward({input, states, grad_output, result[0]}, forward_by(mix_plan, tensors),
                      backward);
    result.emplace_back();  // MixCall has no gradient.
    return result;
  }
};

std::vector<torch::Tensor> in_type(const std::vector<torch::Tensor>& tensors,
                                   torch::ScalarType type) {
  std::vector<torch::Tensor> converted;
  for (const auto& tensor : tensors) converted.push_back(tensor.to(type));
  return converted;
}

/// Positions that link `offset` reaches from every position of the batch, and whether it lands:
/// both [T].
std::pair<torch::Tensor, torch::Tensor> targets_of(const MixPlan& plan, std::int64_t offset,
                                                   const torch::Device& device) {
  std::vector<std::int64_t> target;
  std::vector<float> lands;
  target.reserve(static_cast<std::size_t>(plan.starts.back()));
  for (std::size_t b = 0; b + 1 < plan.starts.size(); ++b) {
    const std::int64_t start = plan.starts[b];
    const std::int64_t length = plan.starts[b + 1] - start;
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t j = link_target(i, offset, length, plan.boundary);
      target.push_back(j < 0 ? start + i : start + j);
      lands.push_back(j < 0 ? 0.0F : 1.0F);
    }
  }
  return {torch::tensor(target, torch::kInt64).to(device), torch::tensor(lands).to(device)};
}

}  // namespace

bool mixes_in_bfloat16(ValueStorage storage, const torch::Tensor& values) {
  return storage == ValueStorage::kBfloat16 && values.is_cuda() && !torch::GradMode::is_enabled();
}

torch::Tensor mix_rows(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& per_row,
                       const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t) {
#if defined(PARAMIXER_WITH_CUDA)
  if (!links.empty() && per_row.is_cuda() && !torch::GradMode::is_enabled()) {
    const auto type =
        mixes_in_bfloat16(plan->storage, per_row) ? torch::kBFloat16 : per_row.scalar_type();
    const torch::Tensor input = per_row.to(type);
    const auto operands = in_type(links, type);
    if (cuda_kernels_take(input, operands)) return mix_rows_cuda(plan, input, operands, rows_t);
  }
#endif
  return mix(plan, at_positions(per_row, rows_t), links, rows_t);
}

torch::Tensor mix(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& values_te,
                  const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t) {
  if (links.empty()) return values_te;
  const auto type =
      mixes_in_bfloat16(plan->storage, values_te) ? torch::kBFloat16 : values_te.scalar_type();
  const auto differs = [type](const torch::Tensor& tensor) { return tensor.scalar_type() != type; };
  if (differs(values_te) || std::any_of(links.begin(), links.end(), differs)) {
    return mix(plan, values_te.to(type), in_type(links, type), rows_t);
  }
#if defined(PARAMIXER_WITH_CUDA)
  if (cuda_kernels_take(values_te, links)) return mix_cuda(plan, values_te, links, rows_t);
#endif
  if (!values_te.is_cpu() || values_te.scalar_type() != torch::kFloat) {
    return mix_eager(*plan, values_te, links, rows_t);
  }
  std::vector<torch::Tensor> operands{values_te};
  operands.insert(operands.end(), links.begin(), links.end());
  return MixFunction::apply(values_te, at::TensorList(links),
                            MixCall{c10::IValue::make_capsule(plan),
                                    c10::IValue(rows_t.defined() ? rows_t.contiguous() : rows_t),
                                    needs_gradients(operands)});
}

torch::Tensor mix_eager(const MixPlan& plan, torch::Tensor values_te,
                        const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t) {
  for (std::size_t m = 0; m < links.size(); ++m) {
    const torch::Tensor weights_tl = rows_t.defined() ? links[m].index_select(0, rows_t) : links[m];
    torch::Tensor next = values_te;
    for (std::int64_t k = 0; k < plan.pattern.links(); ++k) {
      const auto [target, lands] = targets_of(
          plan, plan.pattern.offset(static_cast<std::int64_t>(m), k), values_te.device());
      const torch::Tensor weight_t = weights_tl.select(1, k) * lands.to(weights_tl.scalar_type());
      next = next + weight_t.unsqueeze(1) * values_te.index_select(0, target);
    }
    values_te = next;
  }
  return values_te;
}

}  // namespace paramixer
