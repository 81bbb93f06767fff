#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/torch.h>

#include "io/tensors/safetensors.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// Exponential moving average of a model's weights: average <- d * average + (1 - d) * weights
/// after every step, where d grows to `decay` over the first steps. The average is what is
/// validated and saved; training goes on from the weights themselves. With decay 0 there is no
/// average, and the weights themselves are used.
class WeightAverage {
 public:
  WeightAverage(Paramixer& model, double decay);

  /// Adds the model's weights after `steps` steps.
  void update(std::int64_t steps);

  /// During its lifetime the model has the averaged weights.
  class InUse {
   public:
    explicit InUse(WeightAverage& average) : average_(average) { average_.swap(); }
    ~InUse() { average_.swap(); }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    WeightAverage& average_;
  };

  /// The averages by parameter name; empty without any.
  std::map<std::string, StoredTensor> stored() const;
  /// The reverse. Throws Error for a tensor that does not fit.
  void restore(const std::map<std::string, StoredTensor>& averages);

 private:
  void swap();

  Paramixer& model_;
  double decay_;
  std::map<std::string, torch::Tensor> averages_;
};

}  // namespace paramixer
