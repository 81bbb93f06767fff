#pragma once

#include <vector>

#include <torch/torch.h>

namespace paramixer {

/// A weighted sum of logits, split into a constant and one part a position of the sequence.
struct PositionParts {
  double bias = 0.0;            ///< What no position contributes.
  double logit = 0.0;           ///< The sum that is explained.
  std::vector<double> parts{};  ///< [N]
};

/// The logits of one sequence and the contributions of its positions.
class SequenceAttribution {
 public:
  virtual ~SequenceAttribution() = default;
  SequenceAttribution(const SequenceAttribution&) = delete;
  SequenceAttribution& operator=(const SequenceAttribution&) = delete;

  /// [C] double.
  const torch::Tensor& logits() const noexcept { return logits_c_; }
  /// Explains the sum of logits times `weights_c` [C], double.
  virtual PositionParts parts(const torch::Tensor& weights_c) = 0;

 protected:
  SequenceAttribution() = default;
  torch::Tensor logits_c_;
};

}  // namespace paramixer
