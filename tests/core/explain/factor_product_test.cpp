#include "core/explain/factor_product.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/core/explain/explain_cases.hpp"

namespace paramixer {
namespace {

using test::dense_product;
using test::ExplainCase;
using test::make_source;

class FactorProductTest : public testing::TestWithParam<ExplainCase> {};

/// matrix x values, or its transpose, by definition.
std::vector<double> multiplied(const std::vector<double>& matrix, ProductSide side,
                               const std::vector<float>& values, std::int64_t channels) {
  const auto n = static_cast<std::int64_t>(values.size()) / channels;
  std::vector<double> result(values.size(), 0.0);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      const double entry =
          matrix[static_cast<std::size_t>(side == ProductSide::kProduct ? i * n + j : j * n + i)];
      for (std::int64_t c = 0; c < channels; ++c) {
        result[static_cast<std::size_t>(i * channels + c)] +=
            entry * values[static_cast<std::size_t>(j * channels + c)];
      }
    }
  }
  return result;
}

TEST_P(FactorProductTest, EqualsTheDenseProductOfTheFactors) {
  const auto links = make_source(GetParam());
  for (const Residual residual : {Residual::kKeep, Residual::kDrop}) {
    const auto matrix = dense_product(*links, residual);
    for (const ProductSide side : {ProductSide::kProduct, ProductSide::kTranspose}) {
      for (const int threads : {1, 3}) {
        ThreadPool pool(threads);
        FactorProduct product(*links, pool);
        constexpr std::int64_t kChannels = 19;
        Random random(1);
        std::vector<float> values(static_cast<std::size_t>(GetParam().length * kChannels));
        for (float& value : values) value = static_cast<float>(random.normal());
        const auto expected = multiplied(matrix, side, values, kChannels);
        product.apply(side, residual, kChannels, values);
        for (std::size_t i = 0; i < values.size(); ++i) {
          ASSERT_NEAR(values[i], expected[i], 1e-4) << "value " << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, FactorProductTest, testing::ValuesIn(test::explain_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(FactorProductThreads, ManyGiveWhatOneGivesOnLongSequences) {
  const ExplainCase shape{"long", Protocol::kDilated, Boundary::kRing, 13, 8191, 8191, true};
  const auto links = make_source(shape);
  constexpr std::int64_t kChannels = 17;
  for (const ProductSide side : {ProductSide::kProduct, ProductSide::kTranspose}) {
    for (const Residual residual : {Residual::kKeep, Residual::kDrop}) {
      std::vector<std::vector<float>> results;
      for (const int threads : {1, 3}) {
        ThreadPool pool(threads);
        auto& values = results.emplace_back();
        Random random(1);
        for (std::int64_t i = 0; i < shape.length * kChannels; ++i) {
          values.push_back(static_cast<float>(random.uniform()));
        }
        FactorProduct(*links, pool).apply(side, residual, kChannels, values);
      }
      EXPECT_EQ(results[0], results[1]);
    }
  }
}

TEST(FactorProductSize, ValuesOfAnotherSizeAreRefused) {
  const auto links = make_source(test::explain_cases().front());
  ThreadPool pool(1);
  std::vector<float> values(5);
  EXPECT_THROW(FactorProduct(*links, pool).apply(ProductSide::kProduct, Residual::kKeep, 2, values),
               Error);
}

}  // namespace
}  // namespace paramixer
