#include "models/network/fused_mix_function.hpp"

#include <gtest/gtest.h>

#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::relative_error;

constexpr std::int64_t kPositions = 33;
constexpr std::int64_t kChannels = 5;
constexpr std::int64_t kInputs = 6;
constexpr std::int64_t kHidden = 11;

/// A plan for sequences of 1, 2, 5, 16 and 9 positions, and the engine that computes it.
struct Operation {
  Operation(Protocol protocol, Boundary boundary, std::int64_t factors)
      : plan(c10::make_intrusive<MixPlan>(std::make_shared<MixEngine>(2),
                                          LinkPattern(protocol, factors), boundary,
                                          std::vector<std::int64_t>{0, 1, 3, 8, 24, kPositions})),
        fused(std::make_shared<FusedMixEngine>(plan->engine->pool())) {}

  c10::intrusive_ptr<MixPlan> plan;
  std::shared_ptr<FusedMixEngine> fused;
};

/// Leaves of one fused mixing operation.
struct Operands {
  torch::Tensor values;
  torch::Tensor rows;
  std::vector<LinkMlpTensors> networks;

  std::vector<torch::Tensor> all() const {
    std::vector<torch::Tensor> tensors{values, rows};
    for (const auto& network : networks) {
      tensors.insert(tensors.end(),
                     {network.first, network.first_bias, network.second, network.second_bias});
    }
    return tensors;
  }
};

/// Random leaves for the first `factors` factors.
Operands operands_for(const MixPlan& plan, std::int64_t factors) {
  torch::manual_seed(1);
  Operands operands{torch::randn({kPositions, kChannels}), torch::randn({kPositions, kInputs}), {}};
  const std::int64_t links = plan.pattern.links();
  for (std::int64_t m = 0; m < factors; ++m) {
    operands.networks.push_back({0.4 * torch::randn({kHidden, kInputs}), torch::randn({kHidden}),
                                 0.1 * torch::randn({links, kHidden}),
                                 0.2 * torch::randn({links})});
  }
  for (torch::Tensor& tensor : operands.all()) tensor.set_requires_grad(true);
  return operands;
}

Operands in_double(const Operands& operands) {
  const auto leaf = [](const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kDouble).set_requires_grad(true);
  };
  Operands copy{leaf(operands.values), leaf(operands.rows), {}};
  for (const auto& network : operands.networks) {
    copy.networks.push_back({leaf(network.first), leaf(network.first_bias), leaf(network.second),
                             leaf(network.second_bias)});
  }
  return copy;
}

torch::Tensor fused(const Operation& operation, const Operands& operands) {
  return mix_fused(operation.plan, operation.fused, operands.values, operands.rows,
                   operands.networks);
}

/// Links by ATen's operations, then eager mixing.
torch::Tensor in_two_steps(const MixPlan& plan, const Operands& operands) {
  std::vector<torch::Tensor> links;
  for (const auto& network : operands.networks) {
    const auto hidden =
        torch::gelu(torch::linear(operands.rows, network.first, network.first_bias));
    links.push_back(torch::linear(hidden, network.second, network.second_bias));
  }
  return mix_eager(plan, operands.values, links, {});
}

/// Values and every gradient agree with those in double.
void expect_agreement(const Operation& operation, const Operands& ours) {
  const Operands yardstick = in_double(ours);
  const torch::Tensor actual = fused(operation, ours);
  const torch::Tensor expected = in_two_steps(*operation.plan, yardstick);
  EXPECT_LT(relative_error(actual, expected), 2e-6);
  const torch::Tensor weights = torch::randn_like(expected);
  (actual * weights.to(torch::kFloat)).sum().backward();
  (expected * weights.to(torch::kFloat).to(torch::kDouble)).sum().backward();
  const auto leaves = ours.all();
  const auto expected_leaves = yardstick.all();
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!expected_leaves[i].grad().defined()) continue;
    EXPECT_LT(relative_error(leaves[i].grad(), expected_leaves[i].grad()), 2e-6) << "leaf " << i;
  }
}

TEST(FusedMix, AgreesWithLinksComputedFirstForwardAndBackward) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    for (const Boundary boundary : {Boundary::kRing, Boundary::kLinear}) {
      for (const std::int64_t factors : {1, 2, 5}) {
        SCOPED_TRACE(std::string(name_of(protocol)) + " " + name_of(boundary) + " " +
                     std::to_string(factors));
        const Operation operation(protocol, boundary, factors);
        expect_agreement(operation, operands_for(*operation.plan, factors));
      }
    }
  }
}

TEST(FusedMix, FewerNetworksThanThePatternHasFactorsUseTheFirstFactors) {
  const Operation operation(Protocol::kDilated, Boundary::kRing, 4);
  expect_agreement(operation, operands_for(*operation.plan, 2));
}

TEST(FusedMix, WithoutNetworksTheValuesStayAsTheyAre) {
  const Operation operation(Protocol::kChord, Boundary::kRing, 3);
  const Operands operands = operands_for(*operation.plan, 0);
  EXPECT_TRUE(torch::equal(fused(operation, operands), operands.values));
}

TEST(FusedMix, RowsMayBeTheValuesThemselves) {
  const Operation operation(Protocol::kChord, Boundary::kRing, 3);
  Operands operands = operands_for(*operation.plan, 3);
  operands.values = operands.rows;
  const torch::Tensor output = fused(operation, operands);
  output.square().sum().backward();
  Operands yardstick = in_double(operands);
  yardstick.values = yardstick.rows;
  const torch::Tensor expected = in_two_steps(*operation.plan, yardstick);
  expected.square().sum().backward();
  EXPECT_LT(relative_error(output, expected), 2e-6);
  EXPECT_LT(relative_error(operands.rows.grad(), yardstick.rows.grad()), 2e-6);
}

TEST(FusedMix, OperandsNeedNotBeContiguous) {
  const Operation operation(Protocol::kChord, Boundary::kLinear, 3);
  const torch::NoGradGuard no_gradients;
  Operands operands = operands_for(*operation.plan, 3);
  const torch::Tensor expected = fused(operation, operands);
  const auto transposed = [](torch::Tensor& tensor) { tensor = tensor.t().contiguous().t(); };
  transposed(operands.values);
  transposed(operands.rows);
  for (auto& network : operands.networks) {
    transposed(network.first);
    transposed(network.second);
  }
  ASSERT_FALSE(operands.networks[0].first.is_contiguous());
  EXPECT_TRUE(torch::equal(fused(operation, operands), expected));
}

TEST(FusedMix, GradientsReachWhateverAsksForThem) {
  const Operation operation(Protocol::kChord, Boundary::kRing, 3);
  const Operands all = operands_for(*operation.plan, 3);
  fused(operation, all).square().sum().backward();
  const std::vector<torch::Tensor> expected = all.all();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Operands some = operands_for(*operation.plan, 3);
    std::vector<torch::Tensor> leaves = some.all();
    for (std::size_t j = 0; j < leaves.size(); ++j) leaves[j].set_requires_grad(i == j);
    fused(operation, some).square().sum().backward();
    EXPECT_LT(relative_error(leaves[i].grad(), expected[i].grad()), 1e-6) << "leaf " << i;
  }
}

TEST(FusedMix, NoGraphIsKeptWhereNoGradientIsNeeded) {
  const Operation operation(Protocol::kChord, Boundary::kRing, 3);
  const Operands operands = operands_for(*operation.plan, 3);
  const torch::Tensor with_graph = fused(operation, operands);
  EXPECT_TRUE(with_graph.requires_grad());
  const torch::InferenceMode inference;
  const torch::Tensor without = fused(operation, operands);
  EXPECT_FALSE(without.requires_grad());
  EXPECT_TRUE(torch::equal(without, with_graph));
}

}  // namespace
}  // namespace paramixer
