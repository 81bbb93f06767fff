#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "models/training/train_config.hpp"
#include "models/training/training_data.hpp"

namespace paramixer {

/// Label of a sequence without a class: its target probabilities are equal.
inline constexpr std::int64_t kDecoyLabel = -1;

/// Cross entropy of logits and labels, with class weights and label smoothing; for decoys, of the
/// uniform distribution. The mean over the batch, where decoys and others count alike.
class TrainingLoss {
 public:
  TrainingLoss(const TrainingData& data, const TrainConfig& config, const torch::Device& device);

  /// A scalar, from logits_bc [B, C] and labels_b [B] (int64).
  torch::Tensor operator()(const torch::Tensor& logits_bc, const torch::Tensor& labels_b) const;

 private:
  torch::Tensor class_weights_;  ///< [C], or undefined.
  double label_smoothing_;
  bool has_decoys_;
};

/// Share of the sequences that belong to a class whose most probable class is the right one.
double accuracy_of(const torch::Tensor& logits_bc, const torch::Tensor& labels_b);

}  // namespace paramixer
