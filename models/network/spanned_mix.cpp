#include "models/network/spanned_mix.hpp"

#include <algorithm>

namespace paramixer {
namespace {

/// The least whole number whose square is at least `n`.
std::int64_t ceil_sqrt(std::int64_t n) {
  std::int64_t root = 0;
  while (root * root < n) ++root;
  return root;
}

torch::Tensor arrays_like(const torch::Tensor& values_te, std::int64_t count) {
  if (count == 0) return {};
  return torch::empty({count, values_te.size(0), values_te.size(1)}, values_te.options());
}

/// Array number `index` of those in `tensor`; null when there are none.
float* array_of(const torch::Tensor& tensor, std::int64_t index) {
  if (!tensor.defined()) return nullptr;
  return tensor.mutable_data_ptr<float>() + index * tensor.size(1) * tensor.size(2);
}

}  // namespace

SpannedMix::SpannedMix(Recompute recompute, std::int64_t factors) {
  const std::int64_t most = recompute == Recompute::kNone ? factors : ceil_sqrt(factors);
  for (std::int64_t first = 0; first < factors; first += most) {
    spans_.push_back({first, std::min(most, factors - first)});
  }
  if (spans_.empty()) spans_.push_back({0, 0});  // Mixing without factors passes V through.
}

SpannedMix::Arrays SpannedMix::arrays() const noexcept {
  const std::int64_t within = std::max<std::int64_t>(spans_.front().count - 1, 0);
  if (spans_.size() == 1) return {within, 0};
  return {std::ssize(spans_) - 1, within};
}

torch::Tensor SpannedMix::make_states(const torch::Tensor& values_te) const {
  return arrays_like(values_te, arrays().kept);
}

void SpannedMix::run_forward(const torch::Tensor& input_te, const torch::Tensor& states,
                             torch::Tensor& output_te, const Forward& forward) const {
  if (spans_.size() == 1 || !states.defined()) {
    const FactorSpan all{0, spans_.back().first + spans_.back().count};
    forward(all, {input_te.const_data_ptr<float>(), output_te.mutable_data_ptr<float>(),
                  array_of(states, 0)});
    return;
  }
  const float* values = input_te.const_data_ptr<float>();
  for (std::size_t s = 0; s < spans_.size(); ++s) {
    float* const output = s + 1 == spans_.size() ? output_te.mutable_data_ptr<float>()
                                                 : array_of(states, static_cast<std::int64_t>(s));
    forward(spans_[s], {values, output, nullptr});
    values = output;
  }
}

void SpannedMix::run_backward(const BackwardTensors& tensors, const Forward& forward,
                              const Backward& backward) const {
  const auto& [input_te, states, grad_output_te, grad_input_te] = tensors;
  const bool recomputes = spans_.size() > 1;
  const torch::Tensor within = arrays_like(input_te, arrays().recomputed);
  torch::Tensor grad_between_te = recomputes ? torch::empty_like(input_te) : torch::Tensor();
  const float* grad = grad_output_te.const_data_ptr<float>();
  for (std::int64_t s = std::ssize(spans_) - 1; s >= 0; --s) {
    const FactorSpan& span = spans_[static_cast<std::size_t>(s)];
    const float* const values = s == 0 ? input_te.const_data_ptr<float>() : array_of(states, s - 1);
    if (recomputes && span.count > 1) {
      // The last factor's result is not among them, so its own states end with the output.
      forward({span.first, span.count - 1},
              {values, array_of(within, span.count - 2), array_of(within, 0)});
    }
    // The two take turns so that the first span writes the operation's own gradient.
    float* const target = s % 2 == 0 ? grad_input_te.mutable_data_ptr<float>()
                                     : grad_between_te.mutable_data_ptr<float>();
    backward(span, {values, array_of(recomputes ? within : states, 0), grad, target, {}});
    grad = target;
  }
}

}  // namespace paramixer
