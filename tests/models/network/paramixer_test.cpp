#include "models/network/paramixer.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "models/file/weight_shapes.hpp"
#include "models/training/link_start.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::gradients_of;
using test::model_cases;
using test::ModelCase;
using test::random_input;
using test::random_model;
using test::relative_error;
using test::small_config;
using test::weighted_sum;
using test::with_weights_of;

ModelInput in_double(ModelInput input) {
  if (input.real_tc.defined()) input.real_tc = input.real_tc.to(torch::kDouble);
  return input;
}

torch::Tensor logits_of(Paramixer& model, const ModelInput& input) {
  const torch::NoGradGuard no_gradients;
  return model.forward(input);
}

bool folds(const ModelConfig& config) {
  return config.input != InputKind::kReal && config.position == PositionKind::kNone;
}

/// A case without the losses of float, and a batch for it.
struct DoubleCase {
  explicit DoubleCase(const ModelConfig& config)
      : model(random_model(config, 1)), input(in_double(random_input(config, 2))) {
    model->to(torch::kDouble);
  }
  std::shared_ptr<Paramixer> model;
  ModelInput input;
};

TEST(Paramixer, EveryOptionGivesALogitForEverySequenceAndClass) {
  for (const ModelCase& row : model_cases()) {
    SCOPED_TRACE(row.name);
    const torch::Tensor logits =
        logits_of(*random_model(row.config, 1), random_input(row.config, 2));
    EXPECT_EQ(logits.sizes(), (std::vector<std::int64_t>{6, row.config.outputs()}));
    EXPECT_TRUE(torch::isfinite(logits).all().item<bool>());
    EXPECT_GT(logits.std(0).min().item<float>(), 1e-4F) << "the logits follow the input";
  }
}

TEST(Paramixer, ParametersAreTheOnesOfTheModelFile) {
  for (const ModelCase& row : model_cases()) {
    SCOPED_TRACE(row.name);
    WeightShapes shapes;
    for (const auto& parameter : random_model(row.config, 1)->named_parameters()) {
      shapes[parameter.key()] = parameter.value().sizes().vec();
    }
    EXPECT_EQ(shapes, weight_shapes(row.config));
  }
}

/// Moves every parameter by `step` times its direction.
void move(Paramixer& model, const std::vector<torch::Tensor>& directions, double step) {
  const auto parameters = model.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p) parameters[p].add_(directions[p], step);
}

TEST(Paramixer, GradientsAgreeWithFiniteDifferences) {
  constexpr double kStep = 1e-6;
  constexpr int kDirections = 3;
  for (const ModelCase& row : model_cases()) {
    SCOPED_TRACE(row.name);
    const DoubleCase test(row.config);
    const auto gradients = gradients_of(*test.model, test.input);
    const torch::NoGradGuard no_gradients;
    for (int d = 0; d < kDirections; ++d) {
      double actual = 0.0;
      std::vector<torch::Tensor> directions;
      for (const auto& [name, gradient] : gradients) {
        directions.push_back(torch::randn_like(gradient));
        actual += (gradient * directions.back()).sum().item<double>();
      }
      move(*test.model, directions, kStep);
      const auto above = weighted_sum(test.model->forward(test.input)).item<double>();
      move(*test.model, directions, -2 * kStep);
      const auto below = weighted_sum(test.model->forward(test.input)).item<double>();
      move(*test.model, directions, kStep);
      const double expected = (above - below) / (2 * kStep);
      EXPECT_NEAR(actual, expected, 1e-6 * (1.0 + std::abs(expected)));
    }
  }
}

using Gradients = std::vector<std::pair<std::string, torch::Tensor>>;

/// Equal up to rounding. A gradient that is zero in exact arithmetic, as that of the bias under the
/// softmax of attention pooling, may be as small as rounding makes it.
void expect_agreement(const Gradients& actual, const Gradients& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t p = 0; p < actual.size(); ++p) {
    const auto size = expected[p].second.norm().item<double>();
    if (size < 1e-5) {
      EXPECT_LT(actual[p].second.norm().item<double>(), 1e-5) << actual[p].first;
    } else {
      EXPECT_LT(relative_error(actual[p].second, expected[p].second), 1e-4) << actual[p].first;
    }
  }
}

TEST(Paramixer, FloatKernelsAgreeWithEagerMixingInDouble) {
  for (const ModelCase& row : model_cases()) {
    SCOPED_TRACE(row.name);
    const DoubleCase yardstick(row.config);
    const auto model = random_model(row.config, 1);
    const ModelInput input = random_input(row.config, 2);
    EXPECT_LT(
        relative_error(logits_of(*model, input), logits_of(*yardstick.model, yardstick.input)),
        1e-4);
    expect_agreement(gradients_of(*model, input), gradients_of(*yardstick.model, yardstick.input));
  }
}

/// The same model computing position by position: dropout on single positions stops folding, and
/// at this rate it drops none.
std::shared_ptr<Paramixer> unfolded(const Paramixer& model) {
  ModelConfig config = model.config();
  config.embedding_dropout = 1e-12;
  auto copy = with_weights_of(model, config);
  copy->train();
  return copy;
}

TEST(Paramixer, FoldedTablesGiveTheLogitsAndGradientsOfSinglePositions) {
  for (const ModelCase& row : model_cases()) {
    if (!folds(row.config)) continue;
    SCOPED_TRACE(row.name);
    const auto model = random_model(row.config, 1);
    const auto by_position = unfolded(*model);
    const ModelInput input = random_input(row.config, 2);
    EXPECT_LT(relative_error(logits_of(*model, input), logits_of(*by_position, input)), 1e-5);
    expect_agreement(gradients_of(*model, input), gradients_of(*by_position, input));
  }
}

TEST(Paramixer, FreezingDoesNotChangeTheLogits) {
  for (const ModelCase& row : model_cases()) {
    SCOPED_TRACE(row.name);
    const auto model = random_model(row.config, 1);
    const ModelInput input = random_input(row.config, 2);
    const torch::Tensor expected = logits_of(*model, input);
    model->freeze();
    EXPECT_FALSE(model->is_training());
    EXPECT_TRUE(torch::equal(logits_of(*model, input), expected));
    EXPECT_TRUE(torch::equal(logits_of(*model, input), expected)) << "the second time";
  }
}

TEST(Paramixer, TrainingAfterFreezingSeesNewWeights) {
  const auto model = random_model(small_config(), 1);
  const ModelInput input = random_input(small_config(), 2);
  model->freeze();
  const torch::Tensor before = logits_of(*model, input);
  model->train();
  {
    const torch::NoGradGuard no_gradients;
    for (auto& parameter : model->parameters()) parameter.mul_(1.5);
  }
  model->eval();
  EXPECT_FALSE(torch::allclose(logits_of(*model, input), before));
}

TEST(Paramixer, PaddingHasNoInfluenceOnActualLengths) {
  for (const ModelCase& row : model_cases()) {
    if (!folds(row.config) || row.config.length == LengthKind::kFixed) continue;
    SCOPED_TRACE(row.name);
    const auto model = random_model(row.config, 1);
    const ModelInput input = random_input(row.config, 2);
    const torch::Tensor before = logits_of(*model, input);
    const torch::NoGradGuard no_gradients;
    model->named_parameters()["embedding.weight"][row.config.vocabulary - 1].fill_(1000.0);
    EXPECT_TRUE(torch::equal(logits_of(*model, input), before));
  }
}

TEST(Paramixer, PoolingLeavesPaddingOut) {
  for (const Pooling pooling : {Pooling::kMean, Pooling::kMax, Pooling::kAttention}) {
    SCOPED_TRACE(name_of(pooling));
    ModelConfig config = small_config();
    config.factors = 0;
    config.pooling = pooling;
    ModelConfig fixed = config;
    fixed.length = LengthKind::kFixed;
    const auto model = random_model(config, 1);
    const auto padded = with_weights_of(*model, fixed);
    EXPECT_TRUE(torch::allclose(logits_of(*padded, random_input(fixed, 2)),
                                logits_of(*model, random_input(config, 2)), 1e-5, 1e-5));
  }
}

TEST(Paramixer, ARingHasNoFirstPosition) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    ModelConfig config = small_config();
    config.protocol = protocol;
    const auto model = random_model(config, 1);
    ModelInput input = random_input(config, {13}, 2);
    const torch::Tensor before = logits_of(*model, input);
    input.tokens_t = torch::roll(input.tokens_t, 5);
    EXPECT_TRUE(torch::allclose(logits_of(*model, input), before, 1e-4, 1e-5));
    config.boundary = Boundary::kLinear;
    const auto linear = with_weights_of(*model, config);
    EXPECT_FALSE(torch::allclose(logits_of(*linear, input), before, 1e-4, 1e-5));
  }
}

TEST(Paramixer, ABagOfTokensDoesNotSeeTheirOrder) {
  ModelConfig config = small_config();
  config.factors = 0;
  const auto model = random_model(config, 1);
  ModelInput input = random_input(config, {13}, 2);
  const torch::Tensor before = logits_of(*model, input);
  input.tokens_t = input.tokens_t.flip(0);
  EXPECT_TRUE(torch::allclose(logits_of(*model, input), before, 1e-5, 1e-5));
}

TEST(Paramixer, ThePaddingRowGetsNoGradient) {
  ModelConfig config = small_config();
  config.length = LengthKind::kFixed;
  const auto input = random_input(config, 2);
  const auto pad_gradient = [&input](const ModelConfig& of) {
    const auto model = random_model(of, 1);
    gradients_of(*model, input);
    return model->named_parameters()["embedding.weight"].grad()[of.vocabulary - 1].norm();
  };
  EXPECT_GT(pad_gradient(config).item<float>(), 0.0F);
  config.padding_index = config.vocabulary - 1;
  EXPECT_EQ(pad_gradient(config).item<float>(), 0.0F);
}

TEST(Paramixer, FewerActiveFactorsEqualAModelWhoseOtherFactorsAreTheIdentity) {
  const auto model = random_model(small_config(), 1);
  const auto identity = with_weights_of(*model, small_config());
  start_factors_as_identity(*identity, 2);
  const ModelInput input = random_input(small_config(), 2);
  const torch::Tensor all = logits_of(*model, input);
  model->set_active_factors(2);
  EXPECT_EQ(model->active_factors(), 2);
  EXPECT_TRUE(torch::equal(logits_of(*model, input), logits_of(*identity, input)));
  model->set_active_factors(4);
  EXPECT_TRUE(torch::equal(logits_of(*model, input), all));
}

TEST(Paramixer, ANumberOfActiveFactorsThatIsNotThereIsRefused) {
  const auto model = random_model(small_config(), 1);
  EXPECT_HAS(test::message_of([&] { model->set_active_factors(5); }), "4 factors, not 5");
  EXPECT_HAS(test::message_of([&] { model->set_active_factors(-1); }), "4 factors, not -1");
}

TEST(Paramixer, InactiveFactorsGetNoGradient) {
  const auto model = random_model(small_config(), 1);
  model->set_active_factors(2);
  for (const auto& [name, gradient] : gradients_of(*model, random_input(small_config(), 2))) {
    const bool inactive =
        name.starts_with("attention.0.fs.2") || name.starts_with("attention.0.fs.3");
    EXPECT_EQ(gradient.norm().item<float>() == 0.0F, inactive) << name;
  }
}

TEST(Paramixer, DropoutActsInTrainingOnlyAndFollowsTheSeed) {
  for (const auto rate : {&ModelConfig::embedding_dropout, &ModelConfig::token_dropout,
                          &ModelConfig::value_dropout}) {
    ModelConfig config = small_config();
    config.*rate = 0.5;
    const auto plain = random_model(small_config(), 1);
    const auto model = with_weights_of(*plain, config);
    const ModelInput input = random_input(config, 2);
    EXPECT_TRUE(torch::equal(logits_of(*model, input), logits_of(*plain, input)));
    model->train();
    const auto drawn_with = [&](std::uint64_t seed) {
      torch::manual_seed(seed);
      return logits_of(*model, input);
    };
    EXPECT_TRUE(torch::equal(drawn_with(3), drawn_with(3)));
    EXPECT_FALSE(torch::allclose(drawn_with(3), drawn_with(4)));
  }
}

TEST(Paramixer, TokenDropoutDropsATokenEverywhere) {
  ModelConfig config = small_config();
  config.token_dropout = 0.5;
  config.factors = 0;
  const auto model = random_model(config, 1);
  model->train();
  ModelInput input = random_input(config, {9, 4}, 2);
  input.tokens_t.fill_(3);
  const torch::Tensor logits = logits_of(*model, input);
  EXPECT_TRUE(torch::allclose(logits[0], logits[1], 1e-5, 1e-6));
}

}  // namespace
}  // namespace paramixer
