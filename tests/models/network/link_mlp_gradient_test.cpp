#include "models/network/link_mlp_gradient.hpp"

#include <gtest/gtest.h>

#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::relative_error;

constexpr std::int64_t kInputs = 6;
constexpr std::int64_t kHidden = 11;
constexpr std::int64_t kLinks = 5;

/// Leaves of a network on `rows` rows, rows first.
std::vector<torch::Tensor> random_leaves(std::int64_t rows) {
  torch::manual_seed(1);
  const auto options = torch::TensorOptions(torch::kDouble).requires_grad(true);
  return {torch::randn({rows, kInputs}, options), torch::randn({kHidden, kInputs}, options),
          torch::randn({kHidden}, options), torch::randn({kLinks, kHidden}, options),
          torch::randn({kLinks}, options)};
}

/// What autograd says, in the order of random_leaves().
std::vector<torch::Tensor> by_autograd(const std::vector<torch::Tensor>& leaves,
                                       const torch::Tensor& grad_outputs) {
  const auto hidden = torch::gelu(torch::linear(leaves[0], leaves[1], leaves[2]));
  return torch::autograd::grad({torch::linear(hidden, leaves[3], leaves[4])}, leaves,
                               {grad_outputs});
}

std::vector<torch::Tensor> by_hand(const std::vector<torch::Tensor>& leaves,
                                   const torch::Tensor& grad_outputs, torch::ScalarType type,
                                   std::int64_t rows_at_once) {
  const auto result = link_mlp_backward(
      leaves[0].to(type),
      {leaves[1].to(type), leaves[2].to(type), leaves[3].to(type), leaves[4].to(type)},
      grad_outputs.to(type), rows_at_once);
  return {result.rows, result.network.first, result.network.first_bias, result.network.second,
          result.network.second_bias};
}

void expect_agreement(const std::vector<torch::Tensor>& actual,
                      const std::vector<torch::Tensor>& expected, double tolerance) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(actual[i].sizes(), expected[i].sizes()) << i;
    EXPECT_LT(relative_error(actual[i], expected[i]), tolerance) << i;
  }
}

TEST(LinkMlpGradient, AgreesWithAutogradHoweverManyRowsAtOnce) {
  for (const std::int64_t rows : {1, 7, 30}) {
    const auto leaves = random_leaves(rows);
    const auto grad_outputs = torch::randn({rows, kLinks}, torch::kDouble);
    const auto expected = by_autograd(leaves, grad_outputs);
    for (const std::int64_t at_once : {1, 4, 30, 1000}) {
      SCOPED_TRACE(std::to_string(rows) + " rows, at once " + std::to_string(at_once));
      expect_agreement(by_hand(leaves, grad_outputs, torch::kDouble, at_once), expected, 1e-12);
    }
  }
}

TEST(LinkMlpGradient, NarrowTypesKeepTheirTypeAndLoseLittleInLongSums) {
  const auto leaves = random_leaves(4000);
  const auto grad_outputs = torch::randn({4000, kLinks}, torch::kDouble);
  const auto actual = by_hand(leaves, grad_outputs, torch::kBFloat16, 100);
  EXPECT_EQ(actual[1].scalar_type(), torch::kBFloat16);
  expect_agreement(actual, by_autograd(leaves, grad_outputs), 3e-2);
}

TEST(LinkMlpGradient, NoRowsGiveZeros) {
  const auto leaves = random_leaves(0);
  const auto actual = by_hand(leaves, torch::zeros({0, kLinks}, torch::kDouble), torch::kFloat, 8);
  EXPECT_EQ(actual[0].size(0), 0);
  for (std::size_t i = 1; i < actual.size(); ++i) EXPECT_EQ(actual[i].norm().item<float>(), 0.0F);
}

}  // namespace
}  // namespace paramixer
