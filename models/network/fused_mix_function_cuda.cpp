#include "models/network/fused_mix_function_cuda.hpp"

#include <algorithm>

#include "core/kernels/cuda/fused_cuda.hpp"
#include "models/network/cuda_tensors.hpp"
#include "models/network/link_mlp_gradient.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kTensorsPerNetwork = 4;
/// Rows whose hidden values are in memory at once in the backward pass.
constexpr std::int64_t kRowsAtOnce = std::int64_t{1} << 18;

/// Values, rows, then the four tensors of every network: what autograd sees.
torch::autograd::variable_list flat(const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                                    const std::vector<LinkMlpTensors>& networks) {
  torch::autograd::variable_list tensors{values_te, rows_ti};
  for (const LinkMlpTensors& network : networks) {
    tensors.insert(tensors.end(),
                   {network.first, network.first_bias, network.second, network.second_bias});
  }
  return tensors;
}

/// The operands of a fused call, as flat() lays them out, made contiguous.
struct FusedOperands {
  explicit FusedOperands(at::ArrayRef<torch::Tensor> tensors)
      : values(tensors[0]), rows(tensors[1]) {
    for (std::size_t i = 2; i < tensors.size(); i += kTensorsPerNetwork) {
      networks.push_back({tensors[i], tensors[i + 1], tensors[i + 2], tensors[i + 3]});
    }
  }

  torch::Tensor values;
  torch::Tensor rows;
  std::vector<LinkMlpTensors> networks;
};

/// A CudaFusedProblem with the pointer table it refers to.
template <typename Real>
struct FusedProblem {
  FusedProblem(const CudaPlan& plan, const FusedOperands& operands) {
    for (const LinkMlpTensors& network : operands.networks) {
      pointers.push_back(
          {const_pointer<Real>(network.first), const_pointer<Real>(network.first_bias),
           const_pointer<Real>(network.second), const_pointer<Real>(network.second_bias)});
    }
    problem.mix = plan.problem<Real>(operands.values);
    problem.networks = pointers;
    problem.rows = const_pointer<Real>(operands.rows);
    problem.inputs = operands.rows.size(1);
    problem.hidden = operands.networks.front().first.size(0);
  }

  std::vector<LinkMlpWeights<Real>> pointers;
  CudaFusedProblem<Real> problem;
};

template <typename Real>
torch::Tensor run_forward(const CudaPlan& plan, const FusedOperands& operands,
                          const torch::Tensor& states) {
  const FusedProblem<Real> fused(plan, operands);
  const CudaStream stream = current_cuda_stream(operands.values.device());
  const CudaMixPath path = choose_fused_path(fused.problem, stream.device);
  torch::Tensor output = torch::empty_like(operands.values);
  torch::Tensor scratch;
  if (path == CudaMixPath::kPerFactor && !states.defined() && operands.networks.size() > 1) {
    scratch = torch::empty_like(operands.values);
  }
  fused_forward_cuda<Real>(fused.problem,
                           {const_pointer<Real>(operands.values), mutable_pointer<Real>(output),
                            mutable_pointer<Real>(states)},
                           {mutable_pointer<Real>(scratch), nullptr}, path, stream);
  return output;
}

/// The backward pass of one factor after the other, from the last one.
template <typename Real>
class FusedBackward {
 public:
  FusedBackward(const CudaPlan& plan, const FusedOperands& operands, const torch::Tensor& states)
      : operands_(operands),
        states_(states),
        fused_(plan, operands),
        stream_(current_cuda_stream(operands.values.device())),
        links_(torch::empty({plan.positions, plan.links}, operands.values.options())),
        grad_links_(torch::empty_like(links_)) {}

  /// Gradients in the order of flat().
  torch::autograd::variable_list run(torch::Tensor gradient) {
    const auto factors = static_cast<std::int64_t>(operands_.networks.size());
    std::vector<LinkMlpTensors> network_gradients(operands_.networks.size());
    // In float, because a bfloat16 sum over factors would lose precision.
    torch::Tensor grad_rows =
        torch::zeros(operands_.rows.sizes(), operands_.rows.options().dtype(torch::kFloat));
    for (std::int64_t m = factors - 1; m >= 0; --m) {
      gradient = step(m, gradient);
      const auto own =
          link_mlp_backward(operands_.rows, operands_.networks[static_cast<std::size_t>(m)],
                            grad_links_, kRowsAtOnce);
      grad_rows.add_(own.rows);
      network_gradients[static_cast<std::size_t>(m)] = own.network;
    }
    return flat(gradient, grad_rows.to(operands_.rows.scalar_type()), network_gradients);
  }

 private:
  /// Returns the gradient of factor m's input, given that of its output; stores that of its links
  /// in grad_links_.
  torch::Tensor step(std::int64_t m, const torch::Tensor& gradient) {
    fused_links_cuda<Real>(fused_.problem, m, mutable_pointer<Real>(links_), stream_);
    const torch::Tensor input = m == 0 ? operands_.values : states_.select(0, m - 1);
    torch::Tensor grad_input = torch::empty_like(gradient);
    const Real* weights = const_pointer<Real>(links_);
    Real* grad_weights = mutable_pointer<Real>(grad_links_);
    CudaMixProblem<Real> factor = fused_.problem.mix;
    factor.offsets += m * factor.links;
    factor.weights.weights = {&weights, 1};
    factor.weights.rows = factor.positions;
    mix_backward_cuda<Real>(factor,
                            {const_pointer<Real>(input),
                             nullptr,
                             const_pointer<Real>(gradient),
                             mutable_pointer<Real>(grad_input),
                             {&grad_weights, 1}},
                            {}, {}, CudaMixPath::kPerFactor, stream_);
    return grad_input;
  }

  const FusedOperands& operands_;
  const torch::Tensor& states_;
  FusedProblem<Real> fused_;
  CudaStream stream_;
  torch::Tensor links_;       ///< [T, L] of one factor.
  torch::Tensor grad_links_;  ///< [T, L]
};

/// Fused mixing with gradients; its operands are those of flat().
class CudaFusedFunction : public torch::autograd::Function<CudaFusedFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, at::TensorList tensors,
                               const c10::IValue& plan_value, bool needs_gradients) {
    torch::autograd::variable_list saved;
    for (const auto& tensor : tensors) saved.push_back(kernel_operand(tensor));
    const FusedOperands operands(saved);
    const auto plan = plan_value.toCapsule();
    const CudaPlan cuda_plan(static_cast<const MixPlan&>(*plan), operands.values.device());
    const auto between = static_cast<std::int64_t>(operands.networks.size()) - 1;
    torch::Tensor states;
    if (needs_gradients && between > 0) {
      states = torch::empty({between, operands.values.size(0), operands.values.size(1)},
                            operands.values.options());
    }
    torch::Tensor output = with_kernel_type(operands.values.scalar_type(), [&](auto real) {
      return run_forward<decltype(real)>(cuda_plan, operands, states);
    });
    if (needs_gradients) {
      saved.push_back(states);
      context->save_for_backward(std::move(saved));
      context->saved_data["plan"] = plan_value;
    }
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& grads) {
    auto saved = context->get_saved_variables();
    const torch::Tensor states = saved.back();
    saved.pop_back();
    const FusedOperands operands(saved);
    const auto plan = context->saved_data["plan"].toCapsule();
    const CudaPlan cuda_plan(static_cast<const MixPlan&>(*plan), operands.values.device());
    auto result = with_kernel_type(operands.values.scalar_type(), [&](auto real) {
      return FusedBackward<decltype(real)>(cuda_plan, operands, states)
          .run(kernel_operand(grads[0]));
    });
    result.insert(result.end(), 2, torch::Tensor());  // Plan and flag have no gradient.
    return result;
  }
};

}  // namespace

bool fused_cuda_takes(const MixPlan& plan, const torch::Tensor& values_te,
                      const torch::Tensor& rows_ti, const std::vector<LinkMlpTensors>& networks) {
  if (networks.empty()) return false;
  const auto tensors = flat(values_te, rows_ti, networks);
  if (!cuda_kernels_take(values_te, tensors)) return false;
  std::int64_t longest = 0;
  for (std::size_t b = 0; b + 1 < plan.starts.size(); ++b) {
    longest = std::max(longest, plan.starts[b + 1] - plan.starts[b]);
  }
  const FusedShape shape{rows_ti.size(1), networks.front().first.size(0), plan.pattern.links(),
                         longest};
  return with_kernel_type(values_te.scalar_type(), [&](auto real) {
    return fused_mix_fits<decltype(real)>(shape, values_te.device().index());
  });
}

torch::Tensor mix_fused_cuda(const c10::intrusive_ptr<MixPlan>& plan,
                             const torch::Tensor& values_te, const torch::Tensor& rows_ti,
                             const std::vector<LinkMlpTensors>& networks) {
  const auto tensors = flat(values_te, rows_ti, networks);
  bool needs_gradients = false;
  for (const auto& tensor : tensors) needs_gradients = needs_gradients || tensor.requires_grad();
  needs_gradients = needs_gradients && torch::GradMode::is_enabled();
  return CudaFusedFunction::apply(at::TensorList(tensors), c10::IValue::make_capsule(plan),
                                  needs_gradients);
}

}  // namespace paramixer
