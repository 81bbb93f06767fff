#include "models/explain/model_links.hpp"

#include <algorithm>

#include "core/explain/factor_product.hpp"

namespace paramixer {
namespace {

/// Links computed by the networks f_m from one row per position.
class ComputedLinks final : public LinkSource {
 public:
  ComputedLinks(LinkShape shape, MixingBlock& block, torch::Tensor rows_te)
      : LinkSource(std::move(shape)), block_(block), rows_te_(std::move(rows_te)) {}

  void read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) override {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor weights =
        block_.links_of_factor(rows_te_.narrow(0, begin, end - begin), factor).contiguous();
    std::copy_n(weights.const_data_ptr<float>(), weights.numel(), out);
  }

 private:
  MixingBlock& block_;
  torch::Tensor rows_te_;
};

LinkShape shape_of(const ModelConfig& config, const ModelInput& sequence) {
  return {config.link_pattern(), config.boundary, sequence.starts.back(), sequence.valid.front()};
}

bool computes_from_hidden(const ModelConfig& config, std::int64_t block) {
  return block > 0 && config.links_from == LinksFrom::kHidden;
}

/// The normalised input of a block, from which it computes its links under LinksFrom::kHidden.
torch::Tensor hidden_rows(Paramixer& model, const ModelInput& sequence, std::int64_t block,
                          ThreadPool& pool) {
  torch::Tensor values_te = model.embedded(sequence);
  for (std::int64_t b = 0; b < block; ++b) {
    const torch::Tensor input = model.block(b).normalised(values_te);
    const torch::Tensor mixed = model.block(b).first_values(input).contiguous().clone();
    ComputedLinks links(shape_of(model.config(), sequence), model.block(b),
                        b == 0 ? values_te : input);
    FactorProduct(links, pool)
        .apply(ProductSide::kProduct, Residual::kKeep, mixed.size(1),
               {mixed.mutable_data_ptr<float>(), static_cast<std::size_t>(mixed.numel())});
    values_te = values_te + mixed;
  }
  return model.block(block).normalised(values_te);
}

}  // namespace

bool has_link_tables(const ModelConfig& config, std::int64_t block) {
  return config.input != InputKind::kReal && config.position == PositionKind::kNone &&
         !computes_from_hidden(config, block);
}

std::shared_ptr<const LinkTables> link_tables(Paramixer& model, std::int64_t block) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor rows = model.named_parameters()["embedding.weight"];
  auto tables = std::make_shared<LinkTables>();
  tables->vocabulary = rows.size(0);
  tables->links = model.config().link_pattern().links();
  for (const torch::Tensor& links : model.block(block).links(rows, model.active_factors())) {
    const torch::Tensor table = links.contiguous();
    tables->weights.emplace_back(table.const_data_ptr<float>(),
                                 table.const_data_ptr<float>() + table.numel());
  }
  return tables;
}

std::unique_ptr<LinkSource> make_link_source(Paramixer& model, const ModelInput& sequence,
                                             std::int64_t block,
                                             std::shared_ptr<const LinkTables> tables,
                                             ThreadPool& pool) {
  const torch::NoGradGuard no_gradients;
  LinkShape shape = shape_of(model.config(), sequence);
  if (tables != nullptr) {
    const std::int32_t* tokens = sequence.tokens_t.const_data_ptr<std::int32_t>();
    return std::make_unique<FoldedLinks>(
        std::move(shape), std::move(tables),
        std::vector<std::int32_t>(tokens, tokens + sequence.tokens_t.numel()));
  }
  torch::Tensor rows = computes_from_hidden(model.config(), block)
                           ? hidden_rows(model, sequence, block, pool)
                           : model.embedded(sequence);
  return std::make_unique<ComputedLinks>(std::move(shape), model.block(block), std::move(rows));
}

}  // namespace paramixer
