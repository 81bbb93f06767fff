#include "models/network/mix_function_cuda.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "models/network/autograd_seam.hpp"
#include "models/network/cuda_tensors.hpp"

namespace paramixer {
namespace {

/// Up to this size, the on-chip backward pass keeps the gradient of every factor's output; beyond
/// it, factors are processed one by one with two gradients in memory.
constexpr std::int64_t kMaxGradientStates = std::int64_t{1} << 31;  // bytes

/// A CudaMixProblem with the pointer table it refers to.
template <typename Real>
struct CudaProblem {
  CudaProblem(const CudaPlan& plan, const torch::Tensor& values_te,
              at::ArrayRef<torch::Tensor> links, const torch::Tensor& rows_t)
      : problem(plan.problem<Real>(values_te)) {
    for (const auto& weights : links) pointers.push_back(const_pointer<Real>(weights));
    problem.weights.weights = pointers;
    problem.weights.rows = links.front().size(0);
    if (rows_t.defined()) {
      problem.weights.row_of = {rows_t.const_data_ptr<std::int32_t>(),
                                static_cast<std::size_t>(rows_t.numel())};
    }
  }

  std::vector<const Real*> pointers;
  CudaMixProblem<Real> problem;
};

/// `count` arrays like `values_te`, or an undefined tensor for none.
torch::Tensor arrays_like(const torch::Tensor& values_te, std::int64_t count) {
  if (count <= 0) return {};
  return torch::empty({count, values_te.size(0), values_te.size(1)}, values_te.options());
}

/// Positions sorted by row, and where each row begins.
struct RowOrderTensors {
  RowOrderTensors(const torch::Tensor& rows_t, std::int64_t rows) {
    if (!rows_t.defined()) return;
    const auto [sorted, order] = rows_t.sort(/*stable=*/true, /*dim=*/0, /*descending=*/false);
    position = order;
    begin = torch::searchsorted(sorted, torch::arange(rows + 1, rows_t.options()));
  }
  CudaRowOrder pointers() const {
    return {const_pointer<std::int64_t>(position), const_pointer<std::int64_t>(begin)};
  }

  torch::Tensor position;  ///< [T] int64
  torch::Tensor begin;     ///< [rows + 1] int64
};

/// Operands in the order in which they are saved: values, states, rows, links of every factor.
constexpr std::size_t kSavedBeforeLinks = 3;

std::vector<torch::Tensor> kernel_operands(at::ArrayRef<torch::Tensor> tensors) {
  std::vector<torch::Tensor> operands;
  for (const auto& tensor : tensors) operands.push_back(kernel_operand(tensor));
  return operands;
}

/// A kernel would read from a wrong address.
void check_rows(const torch::Tensor& rows_t, const torch::Device& device, std::int64_t positions) {
  if (rows_t.device() == device && rows_t.numel() == positions) return;
  throw Error("rows of " + std::to_string(rows_t.numel()) + " positions on " +
              rows_t.device().str() + ", expected " + std::to_string(positions) + " on " +
              device.str());
}

/// Whether the input has one row per position, or is looked up as the links are.
enum class InputRows { kPositions, kTable };

template <typename Real>
torch::Tensor run_forward(const CudaPlan& plan, const torch::Tensor& input, InputRows input_rows,
                          const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t,
                          const torch::Tensor& states) {
  CudaProblem<Real> tensors(plan, input, links, rows_t);
  if (input_rows == InputRows::kTable) {
    tensors.problem.input_row = tensors.problem.weights.row_of.data();
  }
  const CudaStream stream = current_cuda_stream(input.device());
  const CudaMixPath path = choose_cuda_mix_path(tensors.problem, stream.device);
  const bool needs_scratch =
      path == CudaMixPath::kPerFactor && !states.defined() && links.size() > 1;
  torch::Tensor output = torch::empty({plan.positions, input.size(1)}, input.options());
  const torch::Tensor scratch = arrays_like(output, needs_scratch ? 1 : 0);
  mix_forward_cuda<Real>(
      tensors.problem,
      {const_pointer<Real>(input), mutable_pointer<Real>(output), mutable_pointer<Real>(states)},
      {mutable_pointer<Real>(scratch), nullptr}, path, stream);
  return output;
}

/// Gradients of the values and of every links tensor.
template <typename Real>
torch::autograd::variable_list run_backward(const CudaPlan& plan,
                                            const torch::autograd::variable_list& saved,
                                            const torch::Tensor& grad_output) {
  const torch::Tensor& input = saved[0];
  const torch::Tensor& states = saved[1];
  const torch::Tensor& rows_t = saved[2];
  const std::vector<torch::Tensor> links(saved.begin() + kSavedBeforeLinks, saved.end());
  const CudaProblem<Real> tensors(plan, input, links, rows_t);
  const CudaStream stream = current_cuda_stream(input.device());
  const std::int64_t between = tensors.problem.factors() - 1;
  CudaMixPath path = choose_cuda_mix_path(tensors.problem, stream.device);
  if (between * tensors.problem.values() > kMaxGradientStates / std::int64_t{sizeof(Real)}) {
    path = CudaMixPath::kPerFactor;
  }
  const bool on_chip = path == CudaMixPath::kOnChip;
  const torch::Tensor scratch =
      arrays_like(input, on_chip ? between : std::min<std::int64_t>(between, 1));
  const torch::Tensor table =
      torch::empty({cuda_table_scratch(tensors.problem)}, input.options().dtype(torch::kFloat));
  const RowOrderTensors order(rows_t, tensors.problem.weights.rows);
  torch::autograd::variable_list result{torch::empty_like(input)};
  std::vector<Real*> grad_pointers;
  for (const auto& link : links) {
    result.push_back(torch::empty_like(link));
    grad_pointers.push_back(mutable_pointer<Real>(result.back()));
  }
  mix_backward_cuda<Real>(
      tensors.problem,
      {const_pointer<Real>(input), const_pointer<Real>(states), const_pointer<Real>(grad_output),
       mutable_pointer<Real>(result[0]), grad_pointers},
      order.pointers(), {mutable_pointer<Real>(scratch), mutable_pointer<float>(table)}, path,
      stream);
  return result;
}

/// Mixing on a CUDA device with gradients by the backward kernels.
class CudaMixFunction : public torch::autograd::Function<CudaMixFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& values_te, at::TensorList links,
                               const c10::IValue& rows, const c10::IValue& plan_value,
                               bool needs_gradients) {
    const auto plan = plan_value.toCapsule();
    const torch::Tensor input = kernel_operand(values_te);
    const CudaPlan cuda_plan(static_cast<const MixPlan&>(*plan), input.device());
    const std::vector<torch::Tensor> weights = kernel_operands(links);
    const torch::Tensor& rows_t = rows.toTensor();
    const auto between = static_cast<std::int64_t>(weights.size()) - 1;
    const torch::Tensor states = arrays_like(input, needs_gradients ? between : 0);
    torch::Tensor output = with_kernel_type(input.scalar_type(), [&](auto real) {
      return run_forward<decltype(real)>(cuda_plan, input, InputRows::kPositions, weights, rows_t,
                                         states);
    });
    if (needs_gradients) {
      torch::autograd::variable_list saved{input, states, rows_t};
      saved.insert(saved.end(), weights.begin(), weights.end());
      context->save_for_backward(std::move(saved));
      context->saved_data["plan"] = plan_value;
    }
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& grads) {
    const auto saved = context->get_saved_variables();
    const auto plan = context->saved_data["plan"].toCapsule();
    const CudaPlan cuda_plan(static_cast<const MixPlan&>(*plan), saved[0].device());
    const torch::Tensor grad_output = kernel_operand(grads[0]);
    auto result = with_kernel_type(saved[0].scalar_type(), [&](auto real) {
      return run_backward<decltype(real)>(cuda_plan, saved, grad_output);
    });
    result.insert(result.end(), 3, torch::Tensor());  // Rows, plan and flag have no gradient.
    return result;
  }
};

}  // namespace

torch::Tensor mix_cuda(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& values_te,
                       const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t) {
  std::vector<torch::Tensor> operands{values_te};
  operands.insert(operands.end(), links.begin(), links.end());
  // Rows have no gradient, and Function::apply takes no undefined tensor: an IValue holds them.
  const c10::IValue rows(rows_t.defined() ? rows_t.contiguous() : rows_t);
  return CudaMixFunction::apply(values_te, at::TensorList(links), rows,
                                c10::IValue::make_capsule(plan), needs_gradients(operands));
}

torch::Tensor mix_rows_cuda(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& per_row,
                            const std::vector<torch::Tensor>& links, const torch::Tensor& rows_t) {
  check_rows(rows_t, per_row.device(), plan->starts.back());
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = kernel_operand(per_row);
  const std::vector<torch::Tensor> weights = kernel_operands(links);
  const CudaPlan cuda_plan(*plan, input.device());
  return with_kernel_type(input.scalar_type(), [&](auto real) {
    return run_forward<decltype(real)>(cuda_plan, input, InputRows::kTable, weights,
                                       rows_t.contiguous(), {});
  });
}

torch::Tensor at_positions_cuda(const torch::Tensor& per_row, const torch::Tensor& rows_t) {
  check_rows(rows_t, per_row.device(), rows_t.numel());
  const torch::NoGradGuard no_gradients;
  const torch::Tensor input = kernel_operand(per_row);
  const torch::Tensor rows = rows_t.contiguous();
  torch::Tensor output = torch::empty({rows.numel(), input.size(1)}, input.options());
  with_kernel_type(input.scalar_type(), [&](auto real) {
    using Real = decltype(real);
    copy_rows_cuda<Real>({const_pointer<Real>(input), rows.const_data_ptr<std::int32_t>(),
                          rows.numel(), input.size(1), mutable_pointer<Real>(output)},
                         current_cuda_stream(input.device()));
  });
  return output;
}

}  // namespace paramixer
