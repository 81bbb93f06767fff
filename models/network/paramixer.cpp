#include "models/network/paramixer.hpp"

#include "core/base/error.hpp"
#include "models/network/row_lookup.hpp"
#include "models/network/sequence_readout.hpp"

namespace paramixer {

namespace nn = torch::nn;

namespace {

constexpr std::int64_t kMostHeadParts = 256;
constexpr std::int64_t kHeadPart = 2048;  ///< Features of a part.

/// Whether all sequences have the same length and no padding.
bool is_even(const ModelInput& input) {
  for (std::size_t b = 0; b < input.valid.size(); ++b) {
    const std::int64_t length = input.starts[b + 1] - input.starts[b];
    if (length != input.starts[1] || input.valid[b] != length) return false;
  }
  return !input.valid.empty() && input.starts[1] > 0;
}

}  // namespace

ModelInput to_model_input(const TokenBatch& batch, const torch::Device& device) {
  ModelInput input;
  input.tokens_t =
      torch::tensor(at::ArrayRef<std::int32_t>(batch.tokens), torch::kInt32).to(device);
  input.starts = batch.starts;
  input.valid = batch.valid;
  return input;
}

Mlp::Mlp(std::int64_t inputs, std::int64_t hidden, std::int64_t outputs)
    : network_(nn::Linear(inputs, hidden), nn::GELU(), nn::Linear(hidden, outputs)) {
  register_module("network", network_);
}

MixingBlock::MixingBlock(const ModelConfig& config, Engines engines)
    : engines_(std::move(engines)) {
  if (config.values_from == ValuesFrom::kNetwork) {
    g_ = register_module("g",
                         std::make_shared<Mlp>(config.embedding, config.hidden, config.embedding));
  }
  const LinkPattern pattern = config.link_pattern();
  auto networks = register_module("fs", nn::ModuleList());
  for (std::int64_t m = 0; m < pattern.factors(); ++m) {
    link_networks_.push_back(
        std::make_shared<Mlp>(config.embedding, config.hidden, pattern.links()));
    networks->push_back(link_networks_.back());
  }
  if (config.norm == NormKind::kPre) {
    norm_ = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({config.embedding})));
  }
}

torch::Tensor MixingBlock::first_values(const torch::Tensor& input) {
  return g_ ? link_mlps(engines_.links, input, {g_->tensors()}).front() : input;
}

std::vector<LinkMlpTensors> MixingBlock::networks(std::int64_t factors) {
  std::vector<LinkMlpTensors> networks;
  for (std::int64_t m = 0; m < factors; ++m) networks.push_back(link_network(m).tensors());
  return networks;
}

std::vector<torch::Tensor> MixingBlock::links(const torch::Tensor& rows_re, std::int64_t factors) {
  return link_mlps(engines_.links, rows_re, networks(factors));
}

torch::Tensor MixingBlock::mixed(const c10::intrusive_ptr<MixPlan>& plan,
                                 const torch::Tensor& values_te, const torch::Tensor& rows_te,
                                 std::int64_t factors) {
  return mix_fused(plan, engines_.fused, values_te, rows_te, networks(factors));
}

torch::Tensor MixingBlock::links_of_factor(const torch::Tensor& rows_re, std::int64_t factor) {
  return link_mlps(engines_.links, rows_re, {link_network(factor).tensors()}).front();
}

torch::Tensor MixingBlock::normalised(const torch::Tensor& input) { return norm_->forward(input); }

Paramixer::Paramixer(ModelConfig config, std::shared_ptr<MixEngine> engine)
    : config_(std::move(config)),
      engines_(std::move(engine)),
      active_factors_(config_.resolved_factors()) {
  if (config_.input == InputKind::kReal) {
    real_input_ =
        register_module("init_linear", nn::Linear(config_.input_channels, config_.embedding));
  } else {
    embedding_ = register_module("embedding", nn::Embedding(config_.vocabulary, config_.embedding));
    if (config_.padding_index) {
      const std::int64_t pad = *config_.padding_index;
      embedding_->weight.register_hook([pad](torch::Tensor grad) {
        grad = grad.clone();
        grad.select(0, pad).zero_();
        return grad;
      });
    }
  }
  if (config_.position == PositionKind::kLearned) {
    positions_ =
        register_module("apc_embedding", nn::Embedding(config_.max_length, config_.embedding));
  }
  auto blocks = register_module("attention", nn::ModuleList());
  for (std::int64_t b = 0; b < config_.blocks; ++b) {
    blocks_.push_back(std::make_shared<MixingBlock>(config_, engines_));
    blocks->push_back(blocks_.back());
  }
  if (config_.norm == NormKind::kPre) {
    norm_ = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({config_.embedding})));
  }
  if (config_.pooling == Pooling::kAttention) {
    pooling_scores_ = register_module("pooling", nn::Linear(config_.embedding, 1));
  }
  const std::int64_t features = config_.pooling == Pooling::kFlatten
                                    ? config_.max_length * config_.embedding
                                    : config_.embedding;
  head_ = register_module("final", nn::Linear(features, config_.outputs()));
}

void Paramixer::set_active_factors(std::int64_t factors) {
  if (factors < 0 || factors > config_.resolved_factors()) {
    throw Error("the model has " + std::to_string(config_.resolved_factors()) + " factors, not " +
                std::to_string(factors));
  }
  active_factors_ = factors;
  thaw();
}

LinkFeed Paramixer::link_feed() const {
  if (is_training()) return training_link_feed(config_);
  const LinkFeed feed = inference_link_feed(config_);
  // Without frozen tables, one forward pass does not repay computing a row per position and token.
  return feed == LinkFeed::kPositionTable && frozen_.empty() ? LinkFeed::kFused : feed;
}

torch::Tensor Paramixer::LinkRows::at_positions(const torch::Tensor& per_row) const {
  return row_t.defined() ? paramixer::at_positions(per_row, row_t) : per_row;
}

bool Paramixer::mixes_in_bfloat16() const {
  return paramixer::mixes_in_bfloat16(storage_, head_->weight);
}

torch::Tensor Paramixer::dropout(const torch::Tensor& values, double rate) const {
  return rate > 0.0 && is_training() ? torch::dropout(values, rate, true) : values;
}

torch::Tensor Paramixer::embedded(const ModelInput& input) {
  const LinkRows rows = embed(input);
  return rows.at_positions(rows.rows_re);
}

Paramixer::LinkRows Paramixer::embed(const ModelInput& input) {
  if (input.embedded_te.defined()) return {input.embedded_te, {}};
  if (config_.input == InputKind::kReal) return {linear_of_rows(*real_input_, input.real_tc), {}};
  const LinkFeed feed = link_feed();
  if (feed == LinkFeed::kPositionTable) {
    const torch::Tensor first_n = torch::arange(config_.max_length, input.tokens_t.options());
    const torch::Tensor rows_bn = input.tokens_t.view({-1, config_.max_length}) +
                                  first_n * static_cast<std::int32_t>(config_.vocabulary);
    return {frozen_rows_, rows_bn.view({-1})};
  }
  torch::Tensor rows = embedding_->weight;
  if (config_.token_dropout > 0.0 && is_training()) {
    // One mask per vocabulary entry, for all its channels: a k-mer is there or not.
    const auto keep = torch::full({rows.size(0), 1}, 1.0 - config_.token_dropout, rows.options());
    rows = rows * torch::bernoulli(keep.detach()) / (1.0 - config_.token_dropout);
  }
  if (feed == LinkFeed::kTokenTable) return {rows, input.tokens_t};
  if (mixes_in_bfloat16() && config_.norm == NormKind::kNone) rows = rows.to(torch::kBFloat16);
  torch::Tensor values = paramixer::at_positions(rows, input.tokens_t);
  if (config_.position == PositionKind::kLearned) {
    const auto sequences = static_cast<std::int64_t>(input.valid.size());
    values = (values.view({sequences, config_.max_length, config_.embedding}) +
              positions_->weight.to(values.scalar_type()))
                 .view({-1, config_.embedding});
  }
  return {dropout(values, config_.embedding_dropout), {}};
}

Paramixer::BlockTables Paramixer::tables(std::int64_t index, const LinkRows& rows) {
  if (!frozen_.empty() && rows.row_t.defined()) return frozen_[static_cast<std::size_t>(index)];
  if (rows.row_t.defined()) return link_tables(index, rows.rows_re);
  return {index == 0 ? first_values(rows.rows_re) : torch::Tensor(), {}};
}

torch::Tensor Paramixer::first_values(const torch::Tensor& rows_re) {
  MixingBlock& first = block(0);
  return first.first_values(config_.norm == NormKind::kPre
                                ? first.normalised(rows_re)
                                : dropout(rows_re, config_.embedding_dropout));
}

Paramixer::BlockTables Paramixer::link_tables(std::int64_t index, const torch::Tensor& rows_re) {
  BlockTables tables;
  if (index == 0) tables.first_values = first_values(rows_re);
  if (index == 0 || config_.links_from == LinksFrom::kEmbedding) {
    tables.links = block(index).links(rows_re, active_factors_);
  }
  return tables;
}

void Paramixer::freeze() {
  eval();
  const LinkFeed feed = inference_link_feed(config_);
  if (feed == LinkFeed::kFused) return;
  const torch::NoGradGuard no_gradients;
  torch::Tensor rows_re = embedding_->weight;
  if (feed == LinkFeed::kPositionTable) {
    rows_re = (positions_->weight.unsqueeze(1) + rows_re).view({-1, config_.embedding});
  }
  std::vector<BlockTables> frozen;
  for (std::int64_t b = 0; b < config_.blocks; ++b) {
    frozen.push_back(link_tables(b, rows_re));
    if (!mixes_in_bfloat16()) continue;
    for (torch::Tensor& links : frozen.back().links) links = links.to(torch::kBFloat16);
  }
  frozen_rows_ = rows_re;
  frozen_ = std::move(frozen);
}

void Paramixer::thaw() {
  frozen_.clear();
  frozen_rows_ = torch::Tensor();
}

void Paramixer::train(bool on) {
  thaw();
  Module::train(on);
}

torch::Tensor Paramixer::mixed(std::int64_t index, const BlockTables& own, const LinkRows& rows,
                               const torch::Tensor& values_te,
                               const c10::intrusive_ptr<MixPlan>& plan) {
  if (!rows.row_t.defined()) {
    return block(index).mixed(plan, values_te, rows.rows_re, active_factors_);
  }
  return mix(plan, values_te, own.links, rows.row_t);
}

torch::Tensor Paramixer::first_mixed(const BlockTables& own, const LinkRows& rows,
                                     const c10::intrusive_ptr<MixPlan>& plan) {
  if (!rows.row_t.defined()) return mixed(0, own, rows, own.first_values, plan);
  return mix_rows(plan, own.first_values, own.links, rows.row_t);
}

torch::Tensor Paramixer::published_block(std::int64_t index, const LinkRows& rows,
                                         const torch::Tensor& values_te,
                                         const c10::intrusive_ptr<MixPlan>& plan) {
  const BlockTables own = tables(index, rows);
  const torch::Tensor out =
      index == 0 ? first_mixed(own, rows, plan)
                 : mixed(index, own, rows, block(index).first_values(values_te), plan);
  return dropout(out, config_.value_dropout);
}

torch::Tensor Paramixer::residual_block(std::int64_t index, const LinkRows& rows,
                                        const torch::Tensor& values_te,
                                        const c10::intrusive_ptr<MixPlan>& plan) {
  const BlockTables own = tables(index, rows);
  if (index == 0) {
    const torch::Tensor out = first_mixed(own, rows, plan);
    return rows.at_positions(rows.rows_re) + dropout(out, config_.value_dropout);
  }
  const torch::Tensor input = block(index).normalised(values_te);
  const torch::Tensor first = block(index).first_values(input);
  const torch::Tensor out = config_.links_from == LinksFrom::kHidden
                                ? block(index).mixed(plan, first, input, active_factors_)
                                : mixed(index, own, rows, first, plan);
  return values_te + dropout(out, config_.value_dropout);
}

torch::Tensor Paramixer::pool_sequences(const torch::Tensor& values_ne,
                                        const torch::Tensor& scores_n1) const {
  switch (config_.pooling) {
    case Pooling::kCls:
      return values_ne.select(-2, 0);
    case Pooling::kMax:
      return values_ne.amax(-2);
    case Pooling::kAttention:
      return (torch::softmax(scores_n1, -2) * values_ne).sum(-2);
    case Pooling::kMean:
    case Pooling::kFlatten:
      break;
  }
  return values_ne.mean(-2);
}

torch::Tensor Paramixer::pool(const torch::Tensor& values_te, const ModelInput& input) {
  if (config_.pooling == Pooling::kFlatten) {
    return values_te.view({static_cast<std::int64_t>(input.valid.size()), -1});
  }
  torch::Tensor scores;
  if (config_.pooling == Pooling::kAttention) scores = linear_of_rows(*pooling_scores_, values_te);
  const bool averages = config_.pooling == Pooling::kMean || config_.pooling == Pooling::kAttention;
  if (averages && computes_in_fixed_order(values_te)) {
    return mean_of_sequences(values_te, scores, {input.starts, input.valid});
  }
  // On a GPU, launching many small operations takes longer than computing them.
  if (values_te.is_cuda() && is_even(input)) {
    const auto by_sequence = [&](const torch::Tensor& all) {
      const auto sequences = static_cast<std::int64_t>(input.valid.size());
      return all.defined() ? all.view({sequences, -1, all.size(1)}) : all;
    };
    return pool_sequences(by_sequence(values_te), by_sequence(scores));
  }
  // Splitting has one cheap backward (a concatenation); slicing would fill a whole [T, E] gradient
  // for every sequence.
  std::vector<std::int64_t> sizes;
  for (std::size_t b = 0; b < input.valid.size(); ++b) {
    sizes.push_back(input.valid[b]);
    sizes.push_back(input.starts[b + 1] - input.starts[b] - input.valid[b]);
  }
  const auto values = values_te.split_with_sizes(sizes);
  std::vector<torch::Tensor> own_scores(values.size());
  if (scores.defined()) own_scores = scores.split_with_sizes(sizes);
  std::vector<torch::Tensor> pooled;
  for (std::size_t v = 0; v < values.size(); v += 2) {
    pooled.push_back(pool_sequences(values[v], own_scores[v]));
  }
  return torch::stack(pooled);
}

torch::Tensor Paramixer::forward(const ModelInput& input) {
  const auto plan = c10::make_intrusive<MixPlan>(engines_.mix, config_.link_pattern(),
                                                 config_.boundary, input.starts);
  plan->recompute = recompute_;
  plan->storage = storage_;
  const LinkRows rows = embed(input);
  torch::Tensor values_te;
  for (std::int64_t b = 0; b < config_.blocks; ++b) {
    values_te = config_.norm == NormKind::kPre ? residual_block(b, rows, values_te, plan)
                                               : published_block(b, rows, values_te, plan);
  }
  const bool flat = config_.pooling == Pooling::kFlatten;
  if (flat && values_te.is_cuda() && config_.norm == NormKind::kNone) {
    return logits_of_flat(values_te, static_cast<std::int64_t>(input.valid.size()));
  }
  values_te = values_te.to(head_->weight.scalar_type());
  if (config_.norm == NormKind::kPre) values_te = norm_->forward(values_te);
  return linear_of_rows(*head_, pool(values_te, input));
}

torch::Tensor Paramixer::logits_of_flat(const torch::Tensor& values_te, std::int64_t sequences) {
  const std::int64_t features = head_->weight.size(1);
  // As one product, few outputs of very many features occupy few of a GPU's multiprocessors; split
  // into parts they occupy all of them.
  std::int64_t parts = 1;
  while (parts < kMostHeadParts && features % (2 * parts) == 0 && features / parts > kHeadPart) {
    parts *= 2;
  }
  const torch::Tensor values_pbf = values_te.view({sequences, parts, -1}).transpose(0, 1);
  const torch::Tensor weights_pfc = head_->weight.to(values_te.scalar_type())
                                        .view({head_->weight.size(0), parts, -1})
                                        .permute({1, 2, 0});
  const torch::Tensor products_pbc = torch::bmm(values_pbf, weights_pfc);
  return products_pbc.sum(0, false, head_->weight.scalar_type()) + head_->bias;
}

}  // namespace paramixer
