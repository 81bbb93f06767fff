#include "models/explain/integrated_gradients.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "core/base/error.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::model_cases;
using test::ModelCase;
using test::random_input;
using test::random_model;
using test::sequence_of;

class IntegratedGradientsTest : public testing::TestWithParam<ModelCase> {
 protected:
  const ModelConfig& config() const { return GetParam().config; }

  PositionParts explain(std::int64_t steps, const torch::Tensor& baseline_te) {
    torch::Tensor weights_c = torch::zeros({config().outputs()}, torch::kDouble);
    weights_c[0] = 1.0;
    return integrated_gradients(*model_, sequence_, baseline_te, weights_c, steps);
  }

  static double gap(const PositionParts& parts) {
    return parts.logit - std::accumulate(parts.parts.begin(), parts.parts.end(), parts.bias);
  }

  void SetUp() override {
    for (auto& parameter : model_->parameters()) parameter.set_requires_grad(false);
  }

  std::shared_ptr<Paramixer> model_ = random_model(config(), 1);
  const ModelInput sequence_ = sequence_of(random_input(config(), 2), 3);
};

TEST_P(IntegratedGradientsTest, TheGapClosesWithTheNumberOfSteps) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor embedded = model_->embedded(sequence_);
  torch::manual_seed(1);
  const torch::Tensor baseline = embedded + 0.3 * torch::randn_like(embedded);
  const PositionParts parts = explain(200, baseline);
  EXPECT_NEAR(parts.logit, model_->forward(sequence_)[0][0].item<double>(), 1e-5);
  // The maximum has corners, which cost steps.
  const double rounding = config().pooling == Pooling::kMax ? 0.02 : 1e-3;
  EXPECT_LT(std::abs(gap(parts)), 0.02 * std::abs(parts.logit - parts.bias) + rounding);
}

TEST_P(IntegratedGradientsTest, OneStepOnAShortWayIsTheFiniteDifference) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor embedded = model_->embedded(sequence_);
  for (const std::int64_t position : {0, 6, 12}) {
    torch::Tensor baseline = embedded.clone();
    baseline[position] *= 0.9;
    const PositionParts parts = explain(8, baseline);
    const double difference = parts.logit - parts.bias;
    for (std::int64_t j = 0; j < 13; ++j) {
      EXPECT_NEAR(parts.parts[static_cast<std::size_t>(j)], j == position ? difference : 0.0,
                  0.02 * std::abs(difference) + 1e-4);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Models, IntegratedGradientsTest, testing::ValuesIn(model_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(MeanTokenBaseline, IsTheSameInEveryPositionButPaddingAndItsPosition) {
  for (const ModelCase& own : model_cases()) {
    if (own.config.input != InputKind::kDna) continue;
    auto model = random_model(own.config, 1);
    const ModelInput sequence = sequence_of(random_input(own.config, 2), 1);
    const torch::NoGradGuard no_gradients;
    const torch::Tensor baseline = mean_token_baseline(*model, sequence);
    const torch::Tensor embedded = model->embedded(sequence);
    const torch::Tensor padding = baseline.slice(0, 7) - embedded.slice(0, 7);
    EXPECT_EQ(padding.numel() == 0 ? 0.0 : padding.abs().max().item<double>(), 0.0) << own.name;
    if (own.config.position == PositionKind::kNone) {
      EXPECT_LT((baseline.slice(0, 0, 7) - baseline[0]).abs().max().item<double>(), 1e-6)
          << own.name;
    }
  }
}

TEST(IntegratedGradientsSteps, ThereIsAtLeastOne) {
  auto model = random_model(test::small_config(), 1);
  const ModelInput sequence = sequence_of(random_input(model->config(), 2), 1);
  EXPECT_THROW(integrated_gradients(*model, sequence, model->embedded(sequence),
                                    torch::ones({3}, torch::kDouble), 0),
               Error);
}

}  // namespace
}  // namespace paramixer
