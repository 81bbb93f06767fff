#include "models/bench/eager_paramixer.hpp"

#include "core/base/error.hpp"

namespace paramixer {

EagerParamixer::EagerParamixer(Paramixer& model, std::int64_t length, EagerFormulation formulation)
    : model_(model),
      weights_(model.named_parameters()),
      formulation_(formulation),
      pattern_(model.config().link_pattern()),
      length_(length) {
  const ModelConfig& config = model.config();
  if (config.input == InputKind::kReal || config.boundary != Boundary::kRing ||
      (config.pooling != Pooling::kFlatten && config.pooling != Pooling::kMean) ||
      config.links_from != LinksFrom::kEmbedding || config.token_dropout > 0.0) {
    throw Error("the benchmark's eager model lacks some options of this model");
  }
  if (formulation_ == EagerFormulation::kRolls) return;
  const torch::Device device = weight("embedding.weight").device();
  const auto positions_n1 = torch::arange(length, torch::kInt64).unsqueeze(1);
  for (std::int64_t m = 0; m < pattern_.factors(); ++m) {
    std::vector<std::int64_t> offsets;
    for (std::int64_t k = 0; k < pattern_.links(); ++k) offsets.push_back(pattern_.offset(m, k));
    const auto target_nl = (positions_n1 + torch::tensor(offsets).unsqueeze(0)).remainder(length);
    targets_.push_back(target_nl.reshape(-1).to(device));
  }
  sources_ = positions_n1.expand({length, pattern_.links()}).reshape(-1).to(device);
}

torch::Tensor EagerParamixer::mlp(const torch::Tensor& values, const std::string& prefix) const {
  const torch::Tensor hidden = torch::gelu(torch::linear(
      values, weight(prefix + ".network.0.weight"), weight(prefix + ".network.0.bias")));
  return torch::linear(hidden, weight(prefix + ".network.2.weight"),
                       weight(prefix + ".network.2.bias"));
}

torch::Tensor EagerParamixer::normalised(const torch::Tensor& values,
                                         const std::string& prefix) const {
  return torch::layer_norm(values, {values.size(-1)}, weight(prefix + ".weight"),
                           weight(prefix + ".bias"));
}

torch::Tensor EagerParamixer::dropout(const torch::Tensor& values, double rate) const {
  return torch::dropout(values, rate, model_.is_training() && rate > 0.0);
}

torch::Tensor EagerParamixer::one_factor(const torch::Tensor& values_bne,
                                         const torch::Tensor& weights_bnl,
                                         std::size_t factor) const {
  const std::int64_t batch = values_bne.size(0);
  const std::int64_t channels = values_bne.size(2);
  if (formulation_ == EagerFormulation::kRolls) {
    torch::Tensor out = values_bne;
    for (std::int64_t k = 0; k < pattern_.links(); ++k) {
      const std::int64_t offset = pattern_.offset(static_cast<std::int64_t>(factor), k);
      out = out + weights_bnl.select(2, k).unsqueeze(2) * torch::roll(values_bne, -offset, 1);
    }
    return out;
  }
  const torch::Tensor gathered = values_bne.index_select(1, targets_[factor]);
  if (formulation_ == EagerFormulation::kGather) {
    return values_bne +
           torch::einsum(
               "bnl,bnle->bne",
               {weights_bnl, gathered.view({batch, length_, pattern_.links(), channels})});
  }
  const torch::Tensor products = gathered * weights_bnl.reshape({batch, -1, 1});
  const torch::Tensor sums =
      torch::zeros_like(values_bne)
          .scatter_add(1, sources_.view({1, -1, 1}).expand({batch, -1, channels}), products);
  return values_bne + sums;
}

torch::Tensor EagerParamixer::mixed(torch::Tensor values_bne, const torch::Tensor& rows_bne,
                                    const std::string& block) const {
  for (std::int64_t m = 0; m < pattern_.factors(); ++m) {
    const torch::Tensor weights_bnl = mlp(rows_bne, block + ".fs." + std::to_string(m));
    values_bne = one_factor(values_bne, weights_bnl, static_cast<std::size_t>(m));
  }
  return values_bne;
}

torch::Tensor EagerParamixer::forward(const torch::Tensor& tokens_bn) {
  const ModelConfig& config = model_.config();
  const bool residual = config.norm == NormKind::kPre;
  torch::Tensor rows_bne = torch::embedding(weight("embedding.weight"), tokens_bn);
  if (config.position == PositionKind::kLearned)
    rows_bne = rows_bne + weight("apc_embedding.weight");
  rows_bne = dropout(rows_bne, config.embedding_dropout);
  torch::Tensor values_bne = residual ? rows_bne : dropout(rows_bne, config.embedding_dropout);
  for (std::int64_t b = 0; b < config.blocks; ++b) {
    const std::string block = "attention." + std::to_string(b);
    const torch::Tensor input = residual ? normalised(values_bne, block + ".norm") : values_bne;
    const bool through_g = config.values_from == ValuesFrom::kNetwork;
    const torch::Tensor first = through_g ? mlp(input, block + ".g") : input;
    const torch::Tensor out = dropout(mixed(first, rows_bne, block), config.value_dropout);
    values_bne = residual ? values_bne + out : out;
  }
  if (residual) values_bne = normalised(values_bne, "norm");
  const torch::Tensor pooled =
      config.pooling == Pooling::kMean ? values_bne.mean(1) : values_bne.flatten(1);
  return torch::linear(pooled, weight("final.weight"), weight("final.bias"));
}

}  // namespace paramixer
