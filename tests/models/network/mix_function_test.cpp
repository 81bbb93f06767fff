#include "models/network/mix_function.hpp"

#include <gtest/gtest.h>

#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::relative_error;

/// Leaves of one mixing operation. Sequences of 1, 2, 5, 16 and 9 positions.
struct Operands {
  torch::Tensor values;
  std::vector<torch::Tensor> links;
  torch::Tensor rows;
};

constexpr std::int64_t kPositions = 33;
constexpr std::int64_t kChannels = 5;
constexpr std::int64_t kTableRows = 7;

c10::intrusive_ptr<MixPlan> plan_of(Protocol protocol, Boundary boundary, std::int64_t factors) {
  return c10::make_intrusive<MixPlan>(std::make_shared<MixEngine>(2),
                                      LinkPattern(protocol, factors), boundary,
                                      std::vector<std::int64_t>{0, 1, 3, 8, 24, kPositions});
}

Operands folded_operands(const MixPlan& plan, std::int64_t factors) {
  torch::manual_seed(1);
  Operands operands{torch::randn({kPositions, kChannels}),
                    {},
                    torch::randint(kTableRows, {kPositions}, torch::kInt32)};
  for (std::int64_t m = 0; m < factors; ++m) {
    operands.links.push_back(0.3 * torch::randn({kTableRows, plan.pattern.links()}));
  }
  return operands;
}

Operands dense_operands(const MixPlan& plan, std::int64_t factors) {
  Operands operands = folded_operands(plan, 0);
  operands.rows = torch::Tensor();
  for (std::int64_t m = 0; m < factors; ++m) {
    operands.links.push_back(0.3 * torch::randn({kPositions, plan.pattern.links()}));
  }
  return operands;
}

Operands as_leaves(const Operands& operands, torch::ScalarType type) {
  Operands leaves{operands.values.to(type).clone().set_requires_grad(true), {}, operands.rows};
  for (const auto& link : operands.links) {
    leaves.links.push_back(link.to(type).clone().set_requires_grad(true));
  }
  return leaves;
}

void expect_agreement(const c10::intrusive_ptr<MixPlan>& plan, const Operands& operands) {
  const Operands ours = as_leaves(operands, torch::kFloat);
  const Operands eager = as_leaves(operands, torch::kDouble);
  const torch::Tensor actual = mix(plan, ours.values, ours.links, ours.rows);
  const torch::Tensor expected = mix_eager(*plan, eager.values, eager.links, eager.rows);
  EXPECT_LT(relative_error(actual, expected), 1e-6);
  const torch::Tensor weights = torch::randn({kPositions, kChannels});
  (actual * weights).sum().backward();
  (expected * weights.to(torch::kDouble)).sum().backward();
  EXPECT_LT(relative_error(ours.values.grad(), eager.values.grad()), 1e-6);
  for (std::size_t m = 0; m < ours.links.size(); ++m) {
    EXPECT_LT(relative_error(ours.links[m].grad(), eager.links[m].grad()), 1e-6) << m;
  }
}

TEST(MixFunction, AgreesWithEagerMixingForwardAndBackward) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    for (const Boundary boundary : {Boundary::kRing, Boundary::kLinear}) {
      for (const std::int64_t factors : {0, 1, 2, 5}) {
        SCOPED_TRACE(std::string(name_of(protocol)) + " " + name_of(boundary) + " " +
                     std::to_string(factors));
        const auto plan = plan_of(protocol, boundary, factors);
        expect_agreement(plan, folded_operands(*plan, factors));
        expect_agreement(plan, dense_operands(*plan, factors));
      }
    }
  }
}

TEST(MixFunction, FewerLinkTablesThanThePatternHasUseTheFirstFactors) {
  const auto plan = plan_of(Protocol::kDilated, Boundary::kRing, 4);
  expect_agreement(plan, folded_operands(*plan, 2));
}

TEST(MixFunction, WithoutFactorsTheValuesStayAsTheyAre) {
  const auto plan = plan_of(Protocol::kChord, Boundary::kRing, 3);
  const Operands operands = dense_operands(*plan, 0);
  EXPECT_TRUE(torch::equal(mix(plan, operands.values, {}, {}), operands.values));
}

TEST(MixFunction, OperandsNeedNotBeContiguous) {
  const auto plan = plan_of(Protocol::kChord, Boundary::kRing, 3);
  Operands operands = folded_operands(*plan, 3);
  const torch::Tensor expected = mix(plan, operands.values, operands.links, operands.rows);
  operands.values = operands.values.t().contiguous().t();
  for (auto& link : operands.links) link = link.t().contiguous().t();
  operands.rows = torch::stack({operands.rows, operands.rows}, 1).select(1, 0);
  ASSERT_FALSE(operands.rows.is_contiguous());
  EXPECT_TRUE(torch::equal(mix(plan, operands.values, operands.links, operands.rows), expected));
  expect_agreement(plan, operands);
}

TEST(MixFunction, GradientsReachWhateverAsksForThem) {
  const auto plan = plan_of(Protocol::kChord, Boundary::kRing, 3);
  const Operands operands = folded_operands(*plan, 3);
  const Operands all = as_leaves(operands, torch::kFloat);
  mix(plan, all.values, all.links, all.rows).square().sum().backward();

  const Operands values_only = as_leaves(operands, torch::kFloat);
  mix(plan, values_only.values, operands.links, operands.rows).square().sum().backward();
  EXPECT_TRUE(torch::equal(values_only.values.grad(), all.values.grad()));

  Operands one_link = operands;
  one_link.links[1] = operands.links[1].clone().set_requires_grad(true);
  mix(plan, one_link.values, one_link.links, one_link.rows).square().sum().backward();
  EXPECT_TRUE(torch::equal(one_link.links[1].grad(), all.links[1].grad()));
}

TEST(MixFunction, NoGraphIsKeptWhereNoGradientIsNeeded) {
  const auto plan = plan_of(Protocol::kChord, Boundary::kRing, 3);
  const Operands leaves = as_leaves(folded_operands(*plan, 3), torch::kFloat);
  const torch::Tensor with_graph = mix(plan, leaves.values, leaves.links, leaves.rows);
  EXPECT_TRUE(with_graph.requires_grad());
  const torch::NoGradGuard no_gradients;
  const torch::Tensor without = mix(plan, leaves.values, leaves.links, leaves.rows);
  EXPECT_FALSE(without.requires_grad());
  EXPECT_TRUE(torch::equal(without, with_graph));
}

TEST(MixFunction, WorksInInferenceMode) {
  const auto plan = plan_of(Protocol::kDilated, Boundary::kLinear, 3);
  const Operands operands = folded_operands(*plan, 3);
  const torch::Tensor expected = mix(plan, operands.values, operands.links, operands.rows);
  const torch::InferenceMode inference;
  EXPECT_TRUE(torch::equal(mix(plan, operands.values, operands.links, operands.rows), expected));
}

TEST(MixFunction, InputsAreLeftAsTheyWere) {
  const auto plan = plan_of(Protocol::kChord, Boundary::kRing, 3);
  const Operands operands = folded_operands(*plan, 3);
  const torch::Tensor before = operands.values.clone();
  mix(plan, operands.values, operands.links, operands.rows);
  EXPECT_TRUE(torch::equal(operands.values, before));
}

TEST(MixFunction, OneEngineServesDifferentBatchesInTurn) {
  const auto engine = std::make_shared<MixEngine>(2);
  const LinkPattern pattern(Protocol::kChord, 3);
  torch::manual_seed(1);
  for (const std::int64_t length : {5, 200, 1, 37}) {
    const auto plan = c10::make_intrusive<MixPlan>(engine, pattern, Boundary::kRing,
                                                   std::vector<std::int64_t>{0, length});
    const torch::Tensor values = torch::randn({length, 3});
    std::vector<torch::Tensor> links;
    for (int m = 0; m < 3; ++m) links.push_back(0.3 * torch::randn({length, pattern.links()}));
    EXPECT_LT(relative_error(mix(plan, values, links, {}), mix_eager(*plan, values, links, {})),
              1e-6);
  }
}

}  // namespace
}  // namespace paramixer
