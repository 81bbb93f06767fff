#pragma once

#include <cstdint>

#include "models/config/model_config.hpp"
#include "models/training/train_config.hpp"

namespace paramixer {

/// Growing length (a curriculum): training starts on short sequences and doubles the length each
/// time the running accuracy passes a threshold. Possible because no weight depends on the
/// position. With grow_from = 0 the length is final from the start.
class LengthGrowth {
 public:
  struct State {
    std::int64_t length = 0;        ///< Longest sequence in use now, in bases.
    double running_accuracy = 0.0;  ///< Exponential mean over about the last 20 steps.
    std::int64_t steps_at_length = 0;
  };

  LengthGrowth(const TrainConfig& config, std::int64_t final_length);

  /// Records a step's accuracy; true if the length has just grown.
  bool observe(double accuracy);
  bool is_final() const noexcept { return state_.length >= final_length_; }

  const State& state() const noexcept { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  double threshold_;
  std::int64_t final_length_;
  State state_;
};

/// Factors that a sequence of `length` positions needs so that every position can reach every
/// other, at most the model's.
std::int64_t factors_for_length(const ModelConfig& config, std::int64_t length);

}  // namespace paramixer
