#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "models/network/paramixer.hpp"

namespace paramixer {

/// Ways to write one mixing factor with LibTorch's operations.
enum class EagerFormulation {
  kSpmm,    ///< Gather the rows of all links, multiply, scatter-add: as torch_sparse multiplies.
  kGather,  ///< Gather the rows of all links, einsum with the links.
  kRolls,   ///< One torch.roll per link, multiplied and added.
};

/// The same model without any of this program's kernels: LibTorch's operations on whole batches,
/// every link network at every position, as the published PyTorch code computes it. Uses the
/// weights of `model`, which must outlive it. The baseline of the benchmark.
class EagerParamixer {
 public:
  /// For sequences of `length` tokens. Throws Error for unsupported model options: other input than
  /// tokens, a linear boundary, other poolings than flatten and mean.
  EagerParamixer(Paramixer& model, std::int64_t length, EagerFormulation formulation);

  /// Logits [B, C] of tokens_bn [B, N] int64.
  torch::Tensor forward(const torch::Tensor& tokens_bn);

 private:
  const torch::Tensor& weight(const std::string& name) const { return *weights_.find(name); }
  torch::Tensor mlp(const torch::Tensor& values, const std::string& prefix) const;
  torch::Tensor normalised(const torch::Tensor& values, const std::string& prefix) const;
  torch::Tensor dropout(const torch::Tensor& values, double rate) const;
  torch::Tensor mixed(torch::Tensor values_bne, const torch::Tensor& rows_bne,
                      const std::string& block) const;
  torch::Tensor one_factor(const torch::Tensor& values_bne, const torch::Tensor& weights_bnl,
                           std::size_t factor) const;

  Paramixer& model_;
  torch::OrderedDict<std::string, torch::Tensor> weights_;
  EagerFormulation formulation_;
  LinkPattern pattern_;
  std::int64_t length_;
  std::vector<torch::Tensor> targets_;  ///< [N L] int64 a factor.
  torch::Tensor sources_;               ///< [N L] int64
};

}  // namespace paramixer
