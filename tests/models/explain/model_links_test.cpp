#include "models/explain/model_links.hpp"

#include <gtest/gtest.h>

#include "core/explain/factor_product.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::model_cases;
using test::ModelCase;
using test::random_input;
using test::random_model;
using test::sequence_of;

class ModelLinksTest : public testing::TestWithParam<ModelCase> {
 protected:
  const ModelConfig& config() const { return GetParam().config; }
  std::shared_ptr<Paramixer> model_ = random_model(config(), 1);
  ThreadPool pool_{1};
};

std::vector<float> all_weights(LinkSource& links) {
  std::vector<float> weights;
  std::vector<float> rows(static_cast<std::size_t>(links.shape().length * links.links()));
  for (std::int64_t m = 0; m < links.factors(); ++m) {
    links.read(m, 0, links.shape().length, rows.data());
    weights.insert(weights.end(), rows.begin(), rows.end());
  }
  return weights;
}

TEST_P(ModelLinksTest, TablesAndNetworksGiveTheSameLinks) {
  const ModelInput sequence = sequence_of(random_input(config(), 2), 3);
  for (std::int64_t block = 0; block < config().blocks; ++block) {
    if (!has_link_tables(config(), block)) continue;
    const auto looked_up =
        make_link_source(*model_, sequence, block, link_tables(*model_, block), pool_);
    const auto computed = make_link_source(*model_, sequence, block, nullptr, pool_);
    const auto expected = all_weights(*computed);
    const auto weights = all_weights(*looked_up);
    ASSERT_EQ(weights.size(), expected.size());
    for (std::size_t i = 0; i < weights.size(); ++i) EXPECT_NEAR(weights[i], expected[i], 1e-5);
  }
}

// The last block decides the logits, so a model made of the source's links must give them.
TEST_P(ModelLinksTest, LinksOfEveryBlockAreThoseOfTheForwardPass) {
  const torch::NoGradGuard no_gradients;
  const ModelInput sequence = sequence_of(random_input(config(), 2), 3);
  torch::Tensor values = model_->embedded(sequence);
  const bool pre = config().norm == NormKind::kPre;
  for (std::int64_t b = 0; b < config().blocks; ++b) {
    const auto links = make_link_source(*model_, sequence, b, nullptr, pool_);
    const torch::Tensor input = pre ? model_->block(b).normalised(values) : values;
    torch::Tensor mixed = model_->block(b).first_values(input).clone();
    FactorProduct(*links, pool_)
        .apply(ProductSide::kProduct, Residual::kKeep, mixed.size(1),
               {mixed.mutable_data_ptr<float>(), static_cast<std::size_t>(mixed.numel())});
    values = pre ? values + mixed : mixed;
  }
  // The same model without mixing, fed with the mixed values, is norm, pooling and head alone.
  const auto weights = model_->named_parameters();
  if (pre) {
    values = torch::layer_norm(values, {config().embedding}, weights["norm.weight"],
                               weights["norm.bias"]);
  }
  torch::Tensor pooled;
  const torch::Tensor own = values.narrow(0, 0, sequence.valid.front());
  switch (config().pooling) {
    case Pooling::kFlatten:
      pooled = values.reshape({-1});
      break;
    case Pooling::kCls:
      pooled = own[0];
      break;
    case Pooling::kMax:
      pooled = own.amax(0);
      break;
    case Pooling::kMean:
      pooled = own.mean(0);
      break;
    case Pooling::kAttention:
      pooled =
          (torch::softmax(
               torch::matmul(own, weights["pooling.weight"].t()) + weights["pooling.bias"], 0) *
           own)
              .sum(0);
      break;
  }
  const torch::Tensor logits =
      torch::matmul(weights["final.weight"], pooled) + weights["final.bias"];
  EXPECT_LT(test::relative_error(logits, model_->forward(sequence)[0]), 1e-4);
}

TEST_P(ModelLinksTest, PaddingIsKnown) {
  const ModelInput sequence = sequence_of(random_input(config(), 2), 1);
  const auto links = make_link_source(*model_, sequence, 0, nullptr, pool_);
  EXPECT_EQ(links->shape().valid, 7);
  EXPECT_EQ(links->shape().length, config().length == LengthKind::kFixed ? 16 : 7);
}

INSTANTIATE_TEST_SUITE_P(Models, ModelLinksTest, testing::ValuesIn(model_cases()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace paramixer
