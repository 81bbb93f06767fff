#include "models/explain/exact_attribution.hpp"

#include "core/base/error.hpp"
#include "core/explain/factor_product.hpp"
#include "models/network/sequence_readout.hpp"

namespace paramixer {
namespace {

std::span<float> floats_of(const torch::Tensor& tensor) {
  return {tensor.mutable_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

/// Norm and pooling with statistics, choices and weights fixed at one sequence: a linear function
/// plus a constant, and its transpose.
class ExactAttribution::Readout {
 public:
  Readout(Paramixer& model, const ModelInput& sequence, const torch::Tensor& values_te)
      : config_(model.config()), length_(values_te.size(0)), valid_(sequence.valid.front()) {
    const auto parameters = model.named_parameters();
    head_ = parameters["final.weight"].detach();
    head_bias_ = parameters["final.bias"].detach();
    torch::Tensor normed_te = values_te;
    if (config_.norm == NormKind::kPre) {
      norm_ = parameters["norm.weight"].detach();
      norm_bias_ = parameters["norm.bias"].detach();
      std::tie(normed_te, std::ignore, scale_) =
          torch::native_layer_norm(values_te, {config_.embedding}, norm_, norm_bias_,
                                   torch::nn::LayerNormOptions({1}).eps());
    }
    const torch::Tensor own = normed_te.narrow(0, 0, valid_);
    torch::Tensor scores_t1;
    switch (config_.pooling) {
      case Pooling::kFlatten:
        features_ = normed_te.reshape({-1});
        return;
      case Pooling::kMax:
        choice_ = own.argmax(0, true);
        features_ = own.gather(0, choice_).squeeze(0);
        return;
      case Pooling::kAttention:
        scores_t1 = linear_of_rows(own, parameters["pooling.weight"], parameters["pooling.bias"]);
        weights_ = torch::softmax(scores_t1.squeeze(1), 0);
        break;
      case Pooling::kMean:
        weights_ = torch::full({valid_}, 1.0 / static_cast<double>(valid_));
        break;
      case Pooling::kCls:
        weights_ = torch::zeros({valid_});
        weights_[0] = 1.0;
        features_ = own[0];
        return;
    }
    const std::int64_t start = 0;
    features_ = mean_of_sequences(own, scores_t1, {{&start, 1}, {&valid_, 1}}).squeeze(0);
  }

  const torch::Tensor& head() const { return head_; }
  const torch::Tensor& head_bias() const { return head_bias_; }

  /// What the head reads: [F].
  const torch::Tensor& features() const { return features_; }

  /// features() where the values are zero.
  torch::Tensor constant_features() const {
    const std::int64_t rows = config_.pooling == Pooling::kFlatten ? length_ : 1;
    return norm_.defined() ? norm_bias_.repeat({rows}) : torch::zeros({head_.size(1)});
  }

  /// Whether the classes differ only by a vector of channels.
  bool is_shared() const { return weights_.defined(); }

  /// For is_shared(): the transpose of features() for `head_e` is shared_positions() times
  /// channels(head_e).
  torch::Tensor shared_positions() const {
    torch::Tensor positions = torch::zeros({length_});
    positions.narrow(0, 0, valid_).copy_(weights_);
    return scale_.defined() ? positions * scale_.squeeze(1) : positions;
  }
  torch::Tensor channels(const torch::Tensor& head_e) const {
    if (!norm_.defined()) return head_e;
    const torch::Tensor scaled = head_e * norm_;
    return scaled - scaled.mean();
  }

  /// The transpose of features() for `head_f`: [N, E].
  torch::Tensor separate(const torch::Tensor& head_f) const {
    torch::Tensor values_te = torch::zeros({length_, config_.embedding});
    if (config_.pooling == Pooling::kFlatten) {
      values_te.copy_(head_f.view({length_, -1}));
    } else {
      values_te.scatter_(0, choice_, head_f.unsqueeze(0));
    }
    if (!norm_.defined()) return values_te;
    const torch::Tensor scaled = values_te * norm_;
    return (scaled - scaled.mean(1, true)) * scale_;
  }

 private:
  const ModelConfig& config_;
  std::int64_t length_;
  std::int64_t valid_;
  torch::Tensor head_;
  torch::Tensor head_bias_;
  torch::Tensor norm_;
  torch::Tensor norm_bias_;
  torch::Tensor scale_;    ///< [N, 1], one over the standard deviation of a position's channels.
  torch::Tensor choice_;   ///< [1, E], where each channel has its maximum.
  torch::Tensor weights_;  ///< [valid], the pooling weights of positions; otherwise undefined.
  torch::Tensor features_;
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

torch::Tensor first_value_table(Paramixer& model) {
  const ModelConfig& config = model.config();
  if (config.input == InputKind::kReal || config.position != PositionKind::kNone) return {};
  const torch::NoGradGuard no_gradients;
  const torch::Tensor rows = model.named_parameters()["embedding.weight"].detach();
  return model.block(0).first_values(config.norm == NormKind::kPre ? model.block(0).normalised(rows)
                                                                   : rows);
}

torch::Tensor ExactAttribution::PositionRows::at_positions() const {
  return row_t.defined() ? torch::embedding(rows_re, row_t) : rows_re;
}

torch::Tensor ExactAttribution::PositionRows::along(const torch::Tensor& channels_e) const {
  const torch::Tensor of_rows = torch::mv(rows_re, channels_e);
  return row_t.defined() ? of_rows.index_select(0, row_t) : of_rows;
}

ExactAttribution::ExactAttribution(Paramixer& model, const ModelInput& sequence,
                                   std::unique_ptr<LinkSource> links,
                                   const torch::Tensor& first_table, ThreadPool& pool)
    : links_(std::move(links)), pool_(pool) {
  if (!has_exact_attribution(model.config())) {
    throw Error("exact attribution needs a model of one block; this one has " +
                std::to_string(model.config().blocks));
  }
  const torch::NoGradGuard no_gradients;
  const bool has_residual = model.config().norm == NormKind::kPre;
  const bool has_table = first_table.defined();
  PositionRows inputs;
  if (has_table) {
    inputs = {model.named_parameters()["embedding.weight"].detach(), sequence.tokens_t};
    first_ = {first_table, sequence.tokens_t};
  } else {
    inputs = {model.embedded(sequence), {}};
    const torch::Tensor& own = inputs.rows_re;
    first_ = {model.block(0)
                  .first_values(has_residual ? model.block(0).normalised(own) : own)
                  .contiguous(),
              {}};
  }
  torch::Tensor values_te = has_table ? first_.at_positions() : first_.rows_re.clone();
  FactorProduct(*links_, pool_)
      .apply(ProductSide::kProduct, Residual::kKeep, values_te.size(1), floats_of(values_te));
  if (has_residual) {
    residual_ = inputs;
    values_te += residual_.at_positions();
  }
  readout_ = std::make_unique<const Readout>(model, sequence, values_te);
  logits_c_ =
      linear_of_rows(readout_->features().unsqueeze(0), readout_->head(), readout_->head_bias())
          .squeeze(0)
          .to(torch::kDouble);
}

ExactAttribution::~ExactAttribution() = default;

PositionParts ExactAttribution::parts(const torch::Tensor& weights_c) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor head_f = torch::mv(readout_->head().t(), weights_c.to(torch::kFloat));
  PositionParts explained;
  explained.logit = (logits_c_ * weights_c).sum().item<double>();
  explained.bias = ((readout_->head_bias() * weights_c).sum() +
                    torch::dot(readout_->constant_features(), head_f))
                       .item<double>();
  const torch::Tensor parts =
      (readout_->is_shared() ? shared_parts(head_f) : separate_parts(head_f)).contiguous();
  explained.parts.assign(parts.const_data_ptr<double>(),
                         parts.const_data_ptr<double>() + parts.numel());
  return explained;
}

torch::Tensor ExactAttribution::shared_parts(const torch::Tensor& head_e) {
  const torch::Tensor positions_t = readout_->shared_positions();
  if (!pulled_t_.defined()) {
    pulled_t_ = positions_t.clone();
    FactorProduct(*links_, pool_)
        .apply(ProductSide::kTranspose, Residual::kKeep, 1, floats_of(pulled_t_));
  }
  const torch::Tensor channels_e = readout_->channels(head_e);
  torch::Tensor parts = (pulled_t_ * first_.along(channels_e)).to(torch::kDouble);
  if (residual_.rows_re.defined()) parts += positions_t * residual_.along(channels_e);
  return parts;
}

torch::Tensor ExactAttribution::separate_parts(const torch::Tensor& head_f) {
  torch::Tensor direct_te = readout_->separate(head_f);
  torch::Tensor pulled_te = direct_te.clone();
  FactorProduct(*links_, pool_)
      .apply(ProductSide::kTranspose, Residual::kKeep, pulled_te.size(1), floats_of(pulled_te));
  torch::Tensor parts = pulled_te.mul_(first_.at_positions()).sum({1}, false, torch::kDouble);
  if (residual_.rows_re.defined()) {
    parts += direct_te.mul_(residual_.at_positions()).sum({1}, false, torch::kDouble);
  }
  return parts;
}

}  // namespace paramixer
