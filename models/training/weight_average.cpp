#include "models/training/weight_average.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "models/file/model_file.hpp"

namespace paramixer {

WeightAverage::WeightAverage(Paramixer& model, double decay) : model_(model), decay_(decay) {
  if (decay_ == 0.0) return;
  for (const auto& parameter : model_.named_parameters()) {
    averages_[parameter.key()] = parameter.value().detach().clone();
  }
}

void WeightAverage::update(std::int64_t steps) {
  const torch::NoGradGuard no_gradients;
  // An average over fewer steps than there are must not remember the start.
  const double longest = (1.0 + static_cast<double>(steps)) / (10.0 + static_cast<double>(steps));
  const double decay = std::min(decay_, longest);
  if (averages_.empty()) return;
  for (const auto& parameter : model_.named_parameters()) {
    averages_.at(parameter.key()).lerp_(parameter.value(), 1.0 - decay);
  }
}

void WeightAverage::swap() {
  const torch::NoGradGuard no_gradients;
  for (auto& parameter : model_.named_parameters()) {
    const auto average = averages_.find(parameter.key());
    if (average == averages_.end()) return;
    const torch::Tensor own = parameter.value().detach().clone();
    parameter.value().copy_(average->second);
    average->second.copy_(own);
  }
}

std::map<std::string, StoredTensor> WeightAverage::stored() const {
  std::map<std::string, StoredTensor> tensors;
  for (const auto& [name, average] : averages_) tensors[name] = store_tensor(average);
  return tensors;
}

void WeightAverage::restore(const std::map<std::string, StoredTensor>& averages) {
  for (auto& [name, average] : averages_) {
    const auto found = averages.find(name);
    if (found == averages.end()) throw Error("the average of the weight '" + name + "' is missing");
    const torch::Tensor stored = restore_tensor(found->second);
    if (stored.sizes() != average.sizes()) {
      throw Error("the average of the weight '" + name + "' has another shape");
    }
    average.copy_(stored);
  }
}

}  // namespace paramixer
