#include "models/training/adam.hpp"

#include "core/base/error.hpp"
#include "models/file/model_file.hpp"

namespace paramixer {
namespace {

template <typename State>
void collect(const torch::optim::OptimizerParamState& base, const std::string& name,
             std::map<std::string, StoredTensor>& moments) {
  const auto& state = static_cast<const State&>(base);
  moments[name + "/first"] = store_tensor(state.exp_avg());
  moments[name + "/second"] = store_tensor(state.exp_avg_sq());
  moments[name + "/step"] = store_tensor(torch::tensor({state.step()}, torch::kLong));
}

template <typename State>
std::unique_ptr<torch::optim::OptimizerParamState> rebuild(const torch::Tensor& first,
                                                           const torch::Tensor& second,
                                                           std::int64_t step) {
  auto state = std::make_unique<State>();
  state->exp_avg(first);
  state->exp_avg_sq(second);
  state->step(step);
  return state;
}

torch::Tensor taken(const std::map<std::string, StoredTensor>& moments, const std::string& name) {
  const auto found = moments.find(name);
  if (found == moments.end()) throw Error("the optimiser's '" + name + "' is missing");
  return restore_tensor(found->second);
}

}  // namespace

Adam::Adam(Paramixer& model, const TrainConfig& config) : model_(model), kind_(config.optimizer) {
  if (kind_ == OptimizerKind::kAdamW) {
    optimizer_ = std::make_unique<torch::optim::AdamW>(
        model.parameters(),
        torch::optim::AdamWOptions(config.learning_rate).weight_decay(config.weight_decay));
  } else {
    optimizer_ = std::make_unique<torch::optim::Adam>(
        model.parameters(),
        torch::optim::AdamOptions(config.learning_rate).weight_decay(config.weight_decay));
  }
}

void Adam::step(double learning_rate) {
  for (auto& group : optimizer_->param_groups()) group.options().set_lr(learning_rate);
  optimizer_->step();
}

std::map<std::string, StoredTensor> Adam::moments() const {
  std::map<std::string, StoredTensor> moments;
  for (const auto& parameter : model_.named_parameters()) {
    const auto found = optimizer_->state().find(parameter.value().unsafeGetTensorImpl());
    if (found == optimizer_->state().end()) continue;
    if (kind_ == OptimizerKind::kAdamW) {
      collect<torch::optim::AdamWParamState>(*found->second, parameter.key(), moments);
    } else {
      collect<torch::optim::AdamParamState>(*found->second, parameter.key(), moments);
    }
  }
  return moments;
}

void Adam::restore(const std::map<std::string, StoredTensor>& moments) {
  for (const auto& parameter : model_.named_parameters()) {
    if (!moments.contains(parameter.key() + "/step")) continue;
    const torch::Tensor first = taken(moments, parameter.key() + "/first");
    const torch::Tensor second = taken(moments, parameter.key() + "/second");
    const torch::Tensor step = taken(moments, parameter.key() + "/step");
    if (first.sizes() != parameter.value().sizes() || second.sizes() != first.sizes() ||
        !first.is_floating_point() || !second.is_floating_point() || step.numel() != 1 ||
        step.scalar_type() != torch::kLong) {
      throw Error("the optimiser's state of '" + parameter.key() + "' does not fit the model");
    }
    const auto device = parameter.value().device();
    const auto count = step.item<std::int64_t>();
    optimizer_->state()[parameter.value().unsafeGetTensorImpl()] =
        kind_ == OptimizerKind::kAdamW
            ? rebuild<torch::optim::AdamWParamState>(first.to(device), second.to(device), count)
            : rebuild<torch::optim::AdamParamState>(first.to(device), second.to(device), count);
  }
}

}  // namespace paramixer
