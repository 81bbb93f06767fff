#include "models/explain/exact_attribution.hpp"

#include <gtest/gtest.h>
#include <numeric>

#include "core/base/error.hpp"
#include "models/explain/model_links.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::model_cases;
using test::ModelCase;
using test::random_input;
using test::random_model;
using test::sequence_of;

std::vector<ModelCase> one_block_cases() {
  std::vector<ModelCase> cases;
  for (const ModelCase& own : model_cases()) {
    if (has_exact_attribution(own.config)) cases.push_back(own);
  }
  return cases;
}

/// Those whose norm and pooling are linear without holding anything fixed.
std::vector<ModelCase> linear_cases() {
  std::vector<ModelCase> cases;
  for (const ModelCase& own : one_block_cases()) {
    const Pooling pooling = own.config.pooling;
    if (own.config.norm == NormKind::kNone &&
        (pooling == Pooling::kMean || pooling == Pooling::kCls || pooling == Pooling::kFlatten)) {
      cases.push_back(own);
    }
  }
  return cases;
}

/// Attribution of one sequence with what it needs.
struct Explained {
  Explained(Paramixer& model, const ModelInput& sequence) {
    const ModelConfig& config = model.config();
    auto links = make_link_source(
        model, sequence, 0, has_link_tables(config, 0) ? link_tables(model, 0) : nullptr, pool);
    attribution = std::make_unique<ExactAttribution>(model, sequence, std::move(links),
                                                     first_value_table(model), pool);
  }

  ThreadPool pool{2};
  std::unique_ptr<ExactAttribution> attribution;
};

torch::Tensor class_weights(const ModelConfig& config, std::int64_t target) {
  torch::Tensor weights_c = torch::zeros({config.outputs()}, torch::kDouble);
  weights_c[target] = 1.0;
  return weights_c;
}

double sum_of(const PositionParts& parts) {
  return std::accumulate(parts.parts.begin(), parts.parts.end(), parts.bias);
}

class ExactAttributionTest : public testing::TestWithParam<ModelCase> {
 protected:
  const ModelConfig& config() const { return GetParam().config; }
  std::shared_ptr<Paramixer> model_ = random_model(config(), 1);
  const ModelInput input_ = random_input(config(), 2);
};

class LinearReadoutTest : public ExactAttributionTest {};

TEST_P(ExactAttributionTest, BiasAndPartsAddUpToTheLogitsOfTheModel) {
  const torch::NoGradGuard no_gradients;
  for (std::size_t s = 0; s < input_.valid.size(); ++s) {
    const ModelInput sequence = sequence_of(input_, s);
    const torch::Tensor logits = model_->forward(sequence).to(torch::kDouble);
    Explained explained(*model_, sequence);
    for (std::int64_t c = 0; c < config().outputs(); ++c) {
      const PositionParts parts = explained.attribution->parts(class_weights(config(), c));
      const auto logit = logits[0][c].item<double>();
      EXPECT_EQ(std::ssize(parts.parts), sequence.starts.back());
      EXPECT_NEAR(parts.logit, logit, 1e-4 * std::abs(logit) + 1e-6);
      EXPECT_NEAR(sum_of(parts), logit, 1e-4 * std::abs(logit) + 1e-6);
    }
  }
}

TEST_P(ExactAttributionTest, DifferencesOfClassesAreDifferencesOfParts) {
  if (config().outputs() < 2) return;
  const ModelInput sequence = sequence_of(input_, 3);
  Explained explained(*model_, sequence);
  const auto first = explained.attribution->parts(class_weights(config(), 0));
  const auto second = explained.attribution->parts(class_weights(config(), 1));
  const auto both =
      explained.attribution->parts(class_weights(config(), 0) - class_weights(config(), 1));
  for (std::size_t i = 0; i < both.parts.size(); ++i) {
    EXPECT_NEAR(both.parts[i], first.parts[i] - second.parts[i], 1e-5);
  }
}

// An independent way: the model in double precision with the links held fixed, in which the first
// values and the residual of one position are made a little larger.
TEST_P(LinearReadoutTest, PartsAreTheFiniteDifferencesOfALinearReadout) {
  const torch::NoGradGuard no_gradients;
  const ModelInput sequence = sequence_of(input_, 3);
  Explained explained(*model_, sequence);
  const auto parts = explained.attribution->parts(class_weights(config(), 0)).parts;

  const torch::Tensor rows = model_->embedded(sequence);
  const torch::Tensor first = model_->block(0).first_values(rows).to(torch::kDouble);
  std::vector<torch::Tensor> links;
  for (const auto& own : model_->block(0).links(rows, model_->active_factors())) {
    links.push_back(own.to(torch::kDouble));
  }
  const MixPlan plan(std::make_shared<MixEngine>(1), config().link_pattern(), config().boundary,
                     sequence.starts);
  const auto weights = model_->named_parameters();
  const auto logit_of = [&](const torch::Tensor& values) {
    torch::Tensor mixed = mix_eager(plan, values, links, {});
    mixed = config().pooling == Pooling::kFlatten ? mixed.view({-1})
            : config().pooling == Pooling::kCls
                ? mixed[0]
                : mixed.narrow(0, 0, sequence.valid.front()).mean(0);
    return torch::dot(weights["final.weight"][0].to(torch::kDouble), mixed).item<double>();
  };
  constexpr double kStep = 1e-3;
  for (std::int64_t j = 0; j < first.size(0); ++j) {
    torch::Tensor larger = first.clone();
    larger[j] *= 1.0 + kStep;
    const double difference = (logit_of(larger) - logit_of(first)) / kStep;
    EXPECT_NEAR(parts[static_cast<std::size_t>(j)], difference, 1e-4 * std::abs(difference) + 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, ExactAttributionTest, testing::ValuesIn(one_block_cases()),
                         [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(Models, LinearReadoutTest, testing::ValuesIn(linear_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(ExactAttributionOfDeepModels, IsRefused) {
  ModelConfig config = test::small_config();
  config.blocks = 2;
  auto model = random_model(validated(config), 1);
  const ModelInput sequence = sequence_of(random_input(config, 2), 1);
  EXPECT_THROW(Explained(*model, sequence), Error);
}

TEST(ExactMethodName, SaysWhatIsHeldFixed) {
  ModelConfig config = test::small_config();
  config.pooling = Pooling::kMax;
  const std::string name = exact_method_name(config);
  EXPECT_NE(name.find("links, scale of the last norm, choices of the max pooling"),
            std::string::npos)
      << name;
  EXPECT_EQ(name.find("padding"), std::string::npos);
  config.length = LengthKind::kFixed;
  EXPECT_NE(exact_method_name(config).find("padding"), std::string::npos);
}

}  // namespace
}  // namespace paramixer
