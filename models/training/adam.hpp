#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/torch.h>

#include "io/tensors/safetensors.hpp"
#include "models/network/paramixer.hpp"
#include "models/training/train_config.hpp"

namespace paramixer {

/// LibTorch's Adam or AdamW over a model's parameters, with its moments readable by parameter name.
class Adam {
 public:
  Adam(Paramixer& model, const TrainConfig& config);

  void zero_grad() { optimizer_->zero_grad(); }
  void step(double learning_rate);

  /// Moments and step counts as tensors `PARAMETER/first`, `/second`, `/step`; none for a parameter
  /// that was never updated.
  std::map<std::string, StoredTensor> moments() const;
  /// The reverse. Throws Error for a tensor that does not fit.
  void restore(const std::map<std::string, StoredTensor>& moments);

 private:
  Paramixer& model_;
  OptimizerKind kind_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace paramixer
