#include "models/exact_attribution.hpp"

#include "core/base/error.hpp"

namespace paramixer {
namespace {

std::span<float> floats_of(const torch::Tensor& tensor) {
  return {tensor.mutable_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

/// Norm, pooling and head with their statistics, choices and weights as they are at one sequence:
/// a linear function plus a constant.
class ExactAttribution::Readout {
 public:
  Readout(Paramixer& model, std::int64_t valid, const torch::Tensor& values_te)
      : config_(model.config()), valid_(valid) {
    const auto parameters = model.named_parameters();
    const auto weight = [&](const char* name) { return parameters[name].detach(); };
    head_ = weight("final.weight");
    head_bias_ = weight("final.bias");
    if (config_.norm == NormKind::kPre) {
      norm_ = weight("norm.weight");
      norm_bias_ = weight("norm.bias");
      scale_ = (values_te.var(1, false, true) + torch::nn::LayerNormOptions({1}).eps()).rsqrt();
    }
    const torch::Tensor pooled_over = normalised(values_te).narrow(0, 0, valid_);
    if (config_.pooling == Pooling::kMax) choice_ = pooled_over.argmax(0, true);
    if (config_.pooling == Pooling::kAttention) {
      const torch::Tensor scores =
          torch::matmul(pooled_over, weight("pooling.weight").t()) + weight("pooling.bias");
      attention_ = torch::softmax(scores, 0);
    }
  }

  torch::Tensor logits(const torch::Tensor& values_te) const {
    return torch::matmul(head_, pooled(normalised(values_te))) + head_bias_;
  }

 private:
  torch::Tensor normalised(const torch::Tensor& values_te) const {
    if (!norm_.defined()) return values_te;
    return (values_te - values_te.mean(1, true)) * scale_ * norm_ + norm_bias_;
  }

  torch::Tensor pooled(const torch::Tensor& values_te) const {
    const torch::Tensor own = values_te.narrow(0, 0, valid_);
    switch (config_.pooling) {
      case Pooling::kFlatten:
        return values_te.reshape({-1});
      case Pooling::kCls:
        return own[0];
      case Pooling::kMax:
        return own.gather(0, choice_).squeeze(0);
      case Pooling::kAttention:
        return (attention_ * own).sum(0);
      case Pooling::kMean:
        break;
    }
    return own.mean(0);
  }

  const ModelConfig& config_;
  std::int64_t valid_;
  torch::Tensor head_;
  torch::Tensor head_bias_;
  torch::Tensor norm_;
  torch::Tensor norm_bias_;
  torch::Tensor scale_;      ///< [N, 1], one over the standard deviation of a position's channels.
  torch::Tensor choice_;     ///< [1, E], where each channel has its maximum.
  torch::Tensor attention_;  ///< [valid, 1]
};

bool has_exact_attribution(const ModelConfig& config) { return config.blocks == 1; }

std::string exact_method_name(const ModelConfig& config) {
  std::string held = "links";
  if (config.norm == NormKind::kPre) held += ", scale of the last norm";
  if (config.pooling == Pooling::kMax) held += ", choices of the max pooling";
  if (config.pooling == Pooling::kAttention) held += ", weights of the attention pooling";
  const char* padding =
      config.length == LengthKind::kFixed ? "; what padding contributes is in the bias" : "";
  return "exact (held fixed at the record: " + held + padding + ")";
}

ExactAttribution::ExactAttribution(Paramixer& model, const ModelInput& sequence, LinkSource& links,
                                   ThreadPool& pool)
    : product_(links, pool) {
  if (!has_exact_attribution(model.config())) {
    throw Error("exact attribution needs a model of one block; this one has " +
                std::to_string(model.config().blocks));
  }
  const torch::NoGradGuard no_gradients;
  const torch::Tensor embedded_te = model.embedded(sequence);
  const bool residual = model.config().norm == NormKind::kPre;
  first_te_ = model.block(0)
                  .first_values(residual ? model.block(0).normalised(embedded_te) : embedded_te)
                  .contiguous();
  if (residual) residual_te_ = embedded_te;
  const torch::Tensor mixed = first_te_.clone();
  product_.apply(ProductSide::kProduct, Residual::kKeep, mixed.size(1), floats_of(mixed));
  values_te_ = residual ? mixed + residual_te_ : mixed;
  readout_ = std::make_shared<const Readout>(model, sequence.valid.front(), values_te_);
  logits_ = readout_->logits(values_te_).to(torch::kDouble);
}

PositionParts ExactAttribution::parts(const torch::Tensor& weights_c) {
  PositionParts explained;
  explained.logit = (logits_ * weights_c).sum().item<double>();
  torch::Tensor gradient;
  {
    const torch::AutoGradMode with_gradients(true);
    const torch::Tensor zero = torch::zeros_like(values_te_).set_requires_grad(true);
    const torch::Tensor constant = (readout_->logits(zero).to(torch::kDouble) * weights_c).sum();
    explained.bias = constant.item<double>();
    gradient = torch::autograd::grad({constant}, {zero}).front();
  }
  const torch::NoGradGuard no_gradients;
  torch::Tensor parts = torch::zeros({gradient.size(0)}, torch::kDouble);
  if (residual_te_.defined()) parts += (gradient * residual_te_).sum({1}, false, torch::kDouble);
  const torch::Tensor pulled = gradient.contiguous();
  product_.apply(ProductSide::kTranspose, Residual::kKeep, pulled.size(1), floats_of(pulled));
  parts += (pulled * first_te_).sum({1}, false, torch::kDouble);
  explained.parts.assign(parts.const_data_ptr<double>(),
                         parts.const_data_ptr<double>() + parts.numel());
  return explained;
}

}  // namespace paramixer
