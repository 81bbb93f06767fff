#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/torch.h>

#include "core/kernels/mix/mix_engine.hpp"
#include "core/sequence/token_batch.hpp"
#include "models/config/link_feed.hpp"
#include "models/config/model_config.hpp"
#include "models/network/fused_mix_function.hpp"
#include "models/network/link_mlp_function.hpp"
#include "models/network/mix_function.hpp"

namespace paramixer {

/// A batch as input of the model. Sequences are laid end to end: position t of the batch belongs to
/// sequence b with starts[b] <= t < starts[b+1].
struct ModelInput {
  torch::Tensor tokens_t;              ///< [T] int32; undefined for real-valued input.
  torch::Tensor real_tc;               ///< [T, channels] float; undefined for tokens.
  std::vector<std::int64_t> starts{};  ///< [B + 1]
  std::vector<std::int64_t>
      valid{};  ///< [B], leading positions of each sequence that are not padding.
  /// [T, E] instead of tokens: X itself, as embedded() gives it. Undefined otherwise.
  torch::Tensor embedded_te{};
};

/// Tensors on `device` from a batch in memory.
ModelInput to_model_input(const TokenBatch& batch, const torch::Device& device);

/// The parameters of the paper's f_m and g, Linear - GELU(erf) - Linear, which link_mlps()
/// computes. Their names are the published ones: network.0.*, network.2.*.
class Mlp : public torch::nn::Module {
 public:
  Mlp(std::int64_t inputs, std::int64_t hidden, std::int64_t outputs);
  LinkMlpTensors tensors() { return {first().weight, first().bias, last().weight, last().bias}; }
  torch::nn::LinearImpl& first() { return *network_[0]->as<torch::nn::Linear>(); }
  torch::nn::LinearImpl& last() { return *network_[2]->as<torch::nn::Linear>(); }

 private:
  torch::nn::Sequential network_;
};

/// The CPU engines, sharing one team of threads.
struct Engines {
  explicit Engines(std::shared_ptr<MixEngine> mix_engine)
      : mix(std::move(mix_engine)),
        links(std::make_shared<LinkMlpEngine>(mix->pool())),
        fused(std::make_shared<FusedMixEngine>(mix->pool())) {}

  std::shared_ptr<MixEngine> mix;
  std::shared_ptr<LinkMlpEngine> links;
  std::shared_ptr<FusedMixEngine> fused;
};

/// One mixing block: g, M link networks f_m, and with NormKind::kPre a layer norm in front.
class MixingBlock : public torch::nn::Module {
 public:
  MixingBlock(const ModelConfig& config, Engines engines);

  torch::Tensor first_values(const torch::Tensor& input);  ///< g(input), or the input itself.
  /// Link weights of the first `factors` factors for every row of `rows_re`: [R, L] each.
  std::vector<torch::Tensor> links(const torch::Tensor& rows_re, std::int64_t factors);
  /// Those of one factor: [R, L].
  torch::Tensor links_of_factor(const torch::Tensor& rows_re, std::int64_t factor);
  /// `values_te` mixed by the first `factors` factors with the links of `rows_te`, one per
  /// position.
  torch::Tensor mixed(const c10::intrusive_ptr<MixPlan>& plan, const torch::Tensor& values_te,
                      const torch::Tensor& rows_te, std::int64_t factors);
  torch::Tensor normalised(const torch::Tensor& input);
  Mlp& link_network(std::int64_t factor) {
    return *link_networks_[static_cast<std::size_t>(factor)];
  }

 private:
  std::vector<LinkMlpTensors> networks(std::int64_t factors);

  Engines engines_;
  std::shared_ptr<Mlp> g_;  ///< Null with ValuesFrom::kEmbedding.
  std::vector<std::shared_ptr<Mlp>> link_networks_;
  torch::nn::LayerNorm norm_{nullptr};
};

/// Paramixer (Yu, Khalitov, Cheng, Yang, CVPR 2022): the published model and the options of
/// ModelConfig. Parameter names are the published ones. forward() gives logits [B, outputs].
///
/// Links come from a table or are computed in the mixing kernel, as link_feed.hpp decides: exact
/// either way.
class Paramixer : public torch::nn::Module {
 public:
  /// `config` must be validated(). On the CPU `engine` mixes, and its threads compute the links.
  Paramixer(ModelConfig config, std::shared_ptr<MixEngine> engine);

  torch::Tensor forward(const ModelInput& input);
  /// X of every position of the input: [T, E].
  torch::Tensor embedded(const ModelInput& input);

  const ModelConfig& config() const noexcept { return config_; }
  /// Evaluation mode with the folded tables computed once instead of at every call. The weights
  /// must not change until train() is called, which drops the tables.
  void freeze();
  void train(bool on = true) override;
  /// Factors in use, 0..M; fewer than M while a growing length has not reached them.
  void set_active_factors(std::int64_t factors);
  std::int64_t active_factors() const noexcept { return active_factors_; }
  /// What training recomputes instead of storing; the gradients are the same.
  void set_recompute(Recompute recompute) noexcept { recompute_ = recompute; }
  /// How V is stored between factors if no gradient is needed; see MixPlan::storage. Before
  /// freeze().
  void set_storage(ValueStorage storage) noexcept { storage_ = storage; }
  MixingBlock& block(std::int64_t index) { return *blocks_[static_cast<std::size_t>(index)]; }

 private:
  /// Rows from which links are computed, and which row each position uses.
  struct LinkRows {
    torch::Tensor rows_re;  ///< [R, E]
    torch::Tensor row_t;    ///< [T] int32, or undefined: one row per position.

    /// A per-row result for every position.
    torch::Tensor at_positions(const torch::Tensor& per_row) const;
  };

  /// The tables a block computes from link rows; folded, one row per vocabulary entry.
  struct BlockTables {
    torch::Tensor first_values;        ///< g of the first block; undefined for later ones.
    std::vector<torch::Tensor> links;  ///< Folded ones only; others are computed while mixing.
  };

  LinkFeed link_feed() const;
  BlockTables tables(std::int64_t index, const LinkRows& rows);
  torch::Tensor first_values(const torch::Tensor& rows_re);
  BlockTables link_tables(std::int64_t index, const torch::Tensor& rows_re);
  void thaw();
  LinkRows embed(const ModelInput& input);
  torch::Tensor mixed(std::int64_t index, const BlockTables& own, const LinkRows& rows,
                      const torch::Tensor& values_te, const c10::intrusive_ptr<MixPlan>& plan);
  /// The same for the first block, which begins with own.first_values.
  torch::Tensor first_mixed(const BlockTables& own, const LinkRows& rows,
                            const c10::intrusive_ptr<MixPlan>& plan);
  torch::Tensor dropout(const torch::Tensor& values, double rate) const;
  torch::Tensor published_block(std::int64_t index, const LinkRows& rows,
                                const torch::Tensor& values_te,
                                const c10::intrusive_ptr<MixPlan>& plan);
  torch::Tensor residual_block(std::int64_t index, const LinkRows& rows,
                               const torch::Tensor& values_te,
                               const c10::intrusive_ptr<MixPlan>& plan);
  torch::Tensor pool(const torch::Tensor& values_te, const ModelInput& input);
  /// [.., E] of sequences [.., N, E] and, for attention pooling, the scores [.., N, 1].
  torch::Tensor pool_sequences(const torch::Tensor& values_ne,
                               const torch::Tensor& scores_n1) const;
  torch::Tensor logits_of_flat(const torch::Tensor& values_te, std::int64_t sequences);
  /// Whether mixing takes and returns bfloat16 tensors.
  bool mixes_in_bfloat16() const;

  ModelConfig config_;
  Engines engines_;
  std::int64_t active_factors_;
  Recompute recompute_ = Recompute::kNone;
  ValueStorage storage_ = ValueStorage::kFloat32;
  torch::nn::Embedding embedding_{nullptr};
  torch::nn::Embedding positions_{nullptr};
  torch::nn::Linear real_input_{nullptr};
  std::vector<std::shared_ptr<MixingBlock>> blocks_;
  torch::nn::LayerNorm norm_{nullptr};
  torch::nn::Linear pooling_scores_{nullptr};
  torch::nn::Linear head_{nullptr};
  std::vector<BlockTables> frozen_;
  torch::Tensor frozen_rows_;  ///< The rows that `frozen_` was computed from.
};

}  // namespace paramixer
