#pragma once

#include <string>

#include "models/explain/sequence_attribution.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// Integrated gradients (Sundararajan, Taly and Yan, 2017) along the straight line from a baseline
/// to the sequence, in X: through norms, poolings and links. `bias` is the value at the baseline,
/// so logit - bias - sum of parts is the completeness gap, which falls with the number of steps.
/// `sequence` is a batch of one, `baseline_te` [N, E], `weights_c` [C] the weights of the logits in
/// the explained sum. Costs `steps` forward and backward passes with the links computed position by
/// position. The model's parameters must not require gradients.
PositionParts integrated_gradients(Paramixer& model, const ModelInput& sequence,
                                   const torch::Tensor& baseline_te, const torch::Tensor& weights_c,
                                   std::int64_t steps);

/// An uninformative embedding: the mean over all unambiguous tokens, in every position of
/// `sequence` that is not padding.
torch::Tensor mean_token_baseline(Paramixer& model, const ModelInput& sequence);

/// Integrated gradients from mean_token_baseline(), for models of any depth.
class PathAttribution final : public SequenceAttribution {
 public:
  /// `model` must outlive this. Costs a forward pass.
  PathAttribution(Paramixer& model, ModelInput sequence, std::int64_t steps);
  PositionParts parts(const torch::Tensor& weights_c) override;

 private:
  Paramixer& model_;
  ModelInput sequence_;
  std::int64_t steps_;
};

/// A readable name of the method.
std::string path_method_name(std::int64_t steps);

}  // namespace paramixer
