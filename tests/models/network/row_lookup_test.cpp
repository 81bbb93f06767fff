#include "models/network/row_lookup.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

struct LookupCase {
  std::int64_t rows;
  std::int64_t positions;
  std::int64_t channels;
};

class RowLookup : public testing::TestWithParam<LookupCase> {};

TEST_P(RowLookup, AgreesWithTorchsEmbedding) {
  const auto [rows, positions, channels] = GetParam();
  torch::manual_seed(1);
  const torch::Tensor rows_t = torch::randint(rows, {positions}, torch::kInt32);
  const torch::Tensor weights = torch::randn({positions, channels});
  torch::Tensor table = torch::randn({rows, channels}).set_requires_grad(true);
  const torch::Tensor values = at_positions(table, rows_t);
  EXPECT_TRUE(torch::equal(values, torch::embedding(table, rows_t)));
  (values * weights).sum().backward();
  // In double, as the exact sum.
  torch::Tensor exact = table.detach().to(torch::kDouble).set_requires_grad(true);
  (torch::embedding(exact, rows_t) * weights).sum().backward();
  EXPECT_TRUE(torch::allclose(table.grad(), exact.grad().to(torch::kFloat), 1e-5, 1e-5));
}

TEST_P(RowLookup, TheGradientsBitsDoNotDependOnThreads) {
  const auto [rows, positions, channels] = GetParam();
  torch::manual_seed(2);
  const torch::Tensor rows_t = torch::randint(rows, {positions}, torch::kInt32);
  const torch::Tensor weights = torch::randn({positions, channels});
  const auto gradient = [&](int threads) {
    const int before = at::get_num_threads();
    at::set_num_threads(threads);
    const torch::Tensor table = torch::ones({rows, channels}).set_requires_grad(true);
    (at_positions(table, rows_t) * weights).sum().backward();
    at::set_num_threads(before);
    return table.grad();
  };
  EXPECT_TRUE(torch::equal(gradient(1), gradient(3)));
}

TEST(RowLookupTypes, DoubleAndLongRowsWorkToo) {
  const torch::Tensor rows_t = torch::tensor({2, 0, 2}, torch::kInt64);
  torch::Tensor table = torch::randn({3, 4}, torch::kDouble).set_requires_grad(true);
  const torch::Tensor values = at_positions(table, rows_t);
  values.sum().backward();
  EXPECT_TRUE(torch::equal(values, table.index_select(0, rows_t)));
  EXPECT_EQ(table.grad()[2][0].item<double>(), 2.0);
  EXPECT_EQ(table.grad()[1][0].item<double>(), 0.0);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RowLookup,
                         testing::Values(LookupCase{1, 1, 1}, LookupCase{5, 0, 3},
                                         LookupCase{3, 1000, 7}, LookupCase{4098, 5000, 32},
                                         LookupCase{300, 20, 5}));

}  // namespace
}  // namespace paramixer
