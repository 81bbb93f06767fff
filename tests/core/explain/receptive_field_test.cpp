#include "core/explain/receptive_field.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/core/explain/explain_cases.hpp"

namespace paramixer {
namespace {

using test::dense_product;
using test::ExplainCase;
using test::make_source;

class ReceptiveFieldTest : public testing::TestWithParam<ExplainCase> {
 protected:
  double entry(const std::vector<double>& matrix, std::int64_t row, std::int64_t column) const {
    return matrix[static_cast<std::size_t>(row * GetParam().length + column)];
  }

  std::unique_ptr<LinkSource> links_ = make_source(GetParam());
  ThreadPool pool_{2};
  FactorProduct product_{*links_, pool_};
};

TEST_P(ReceptiveFieldTest, RowsAndColumnsAreThoseOfTheDenseProduct) {
  const std::int64_t n = GetParam().length;
  for (const Residual residual : {Residual::kKeep, Residual::kDrop}) {
    const auto matrix = dense_product(*links_, residual);
    for (const std::int64_t p : {std::int64_t{0}, n / 2, n - 1}) {
      const auto row = receptive_field_row(product_, p, residual);
      const auto column = receptive_field_column(product_, p, residual);
      for (std::int64_t i = 0; i < n; ++i) {
        ASSERT_NEAR(row[static_cast<std::size_t>(i)], entry(matrix, p, i), 1e-4);
        ASSERT_NEAR(column[static_cast<std::size_t>(i)], entry(matrix, i, p), 1e-4);
      }
    }
  }
}

TEST_P(ReceptiveFieldTest, BinsHoldTheMeansOfTheDenseProduct) {
  const std::int64_t n = GetParam().length;
  const auto matrix = dense_product(*links_, Residual::kKeep);
  for (const std::int64_t bins : {std::int64_t{1}, std::int64_t{3}, std::int64_t{40}}) {
    const auto field = binned_receptive_field(product_, {bins, {0, n}}, Residual::kKeep);
    ASSERT_EQ(field.bins(), std::min(bins, n));
    EXPECT_EQ(field.bounds.front(), 0);
    EXPECT_EQ(field.bounds.back(), n);
    for (std::int64_t r = 0; r < field.bins(); ++r) {
      for (std::int64_t c = 0; c < field.bins(); ++c) {
        double sum = 0.0;
        double count = 0.0;
        for (std::int64_t i = field.bounds[r]; i < field.bounds[r + 1]; ++i) {
          for (std::int64_t j = field.bounds[c]; j < field.bounds[c + 1]; ++j) {
            sum += entry(matrix, i, j);
            count += 1.0;
          }
        }
        ASSERT_NEAR(field.means[static_cast<std::size_t>(r * field.bins() + c)], sum / count, 1e-4);
      }
    }
  }
}

TEST_P(ReceptiveFieldTest, BinsOfSomePositionsAreASquareOfTheWhole) {
  const std::int64_t n = GetParam().length;
  const auto matrix = dense_product(*links_, Residual::kDrop);
  const Window part{n / 3, n - n / 3};
  const auto field = binned_receptive_field(product_, {1024, part}, Residual::kDrop);
  ASSERT_EQ(field.bins(), part.length);
  for (std::int64_t r = 0; r < field.bins(); ++r) {
    EXPECT_EQ(field.bounds[static_cast<std::size_t>(r)], part.start + r);
    for (std::int64_t c = 0; c < field.bins(); ++c) {
      ASSERT_NEAR(field.means[static_cast<std::size_t>(r * field.bins() + c)],
                  entry(matrix, part.start + r, part.start + c), 1e-4);
    }
  }
}

TEST_P(ReceptiveFieldTest, PositionsOutsideTheSequenceAreRefused) {
  EXPECT_THROW(receptive_field_row(product_, GetParam().length, Residual::kKeep), Error);
  EXPECT_THROW(receptive_field_column(product_, -1, Residual::kKeep), Error);
  for (const Window& part : {Window{-1, 1}, Window{0, 0}, Window{0, GetParam().length + 1}}) {
    EXPECT_THROW(binned_receptive_field(product_, {4, part}, Residual::kKeep), Error);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ReceptiveFieldTest, testing::ValuesIn(test::explain_cases()),
                         [](const auto& row) { return row.param.name; });

TEST(ReceptiveFieldBins, ThereAreBetween1And1024) {
  const auto links = make_source(test::explain_cases().front());
  ThreadPool pool(1);
  FactorProduct product(*links, pool);
  const Window all{0, links->shape().length};
  EXPECT_THROW(binned_receptive_field(product, {0, all}, Residual::kKeep), Error);
  EXPECT_THROW(binned_receptive_field(product, {1025, all}, Residual::kKeep), Error);
}

TEST(ReceptiveFieldBins, ProgressMayStopTheWork) {
  const auto links = make_source(test::explain_cases().back());
  ThreadPool pool(1);
  FactorProduct product(*links, pool);
  const Window all{0, links->shape().length};
  std::int64_t done = 0;
  binned_receptive_field(product, {4, all}, Residual::kKeep,
                         [&](std::int64_t bins) { done = bins; });
  EXPECT_EQ(done, 4);
  EXPECT_THROW(binned_receptive_field(product, {4, all}, Residual::kKeep,
                                      [](std::int64_t) { throw Error("stopped"); }),
               Error);
}

}  // namespace
}  // namespace paramixer
