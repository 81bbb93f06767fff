#include "models/training/training_loss.hpp"

namespace paramixer {
namespace {

torch::Tensor balancing_weights(const TrainingData& data) {
  std::vector<float> counts(data.classes.size(), 0.0F);
  for (const auto& record : data.records) counts[static_cast<std::size_t>(record.label)] += 1.0F;
  const torch::Tensor sizes = torch::tensor(counts);
  return sizes.sum() / (static_cast<double>(counts.size()) * sizes);
}

}  // namespace

TrainingLoss::TrainingLoss(const TrainingData& data, const TrainConfig& config,
                           const torch::Device& device)
    : label_smoothing_(config.label_smoothing), has_decoys_(config.decoy_share > 0.0) {
  if (config.class_weights == ClassWeights::kBalanced) {
    class_weights_ = balancing_weights(data).to(device);
  }
}

torch::Tensor TrainingLoss::operator()(const torch::Tensor& logits_bc,
                                       const torch::Tensor& labels_b) const {
  const auto options = torch::nn::functional::CrossEntropyFuncOptions()
                           .weight(class_weights_)
                           .label_smoothing(label_smoothing_)
                           .ignore_index(kDecoyLabel);
  if (!has_decoys_) return torch::nn::functional::cross_entropy(logits_bc, labels_b, options);
  const torch::Tensor is_decoy = labels_b.eq(kDecoyLabel);
  const double share = is_decoy.to(torch::kDouble).mean().item<double>();
  const torch::Tensor to_uniform = -torch::log_softmax(logits_bc, 1).mean(1);
  const torch::Tensor of_decoys = to_uniform.masked_fill(is_decoy.logical_not(), 0.0).sum() /
                                  static_cast<double>(labels_b.size(0));
  if (share == 1.0) return of_decoys;
  return (1.0 - share) * torch::nn::functional::cross_entropy(logits_bc, labels_b, options) +
         of_decoys;
}

double accuracy_of(const torch::Tensor& logits_bc, const torch::Tensor& labels_b) {
  const double known = labels_b.ne(kDecoyLabel).sum().item<double>();
  if (known == 0.0) return 0.0;
  return logits_bc.argmax(1).eq(labels_b).sum().item<double>() / known;
}

}  // namespace paramixer
