#include "models/network/sequence_readout.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "models/network/device.hpp"

namespace paramixer {
namespace {

TEST(LinearOfRows, AgreesWithTorchForShortAndLongRows) {
  const torch::NoGradGuard no_gradients;
  torch::manual_seed(1);
  for (const std::int64_t inputs : {1, 3, 16, 33, 2048, 2049, 5000}) {
    for (const std::int64_t rows : {1, 2, 65}) {
      torch::nn::LinearImpl layer(inputs, 5);
      const torch::Tensor values = torch::randn({rows, inputs});
      const torch::Tensor expected =
          torch::addmm(layer.bias.to(torch::kDouble), values.to(torch::kDouble),
                       layer.weight.t().to(torch::kDouble));
      EXPECT_TRUE(
          torch::allclose(linear_of_rows(layer, values).to(torch::kDouble), expected, 1e-5, 1e-5))
          << rows << " x " << inputs;
    }
  }
}

TEST(LinearOfRows, TakesRowsThatAreNotContiguous) {
  const torch::NoGradGuard no_gradients;
  torch::nn::LinearImpl layer(7, 2);
  const torch::Tensor values = torch::randn({7, 4});
  EXPECT_TRUE(
      torch::equal(linear_of_rows(layer, values.t()), linear_of_rows(layer, values.t().clone())));
}

TEST(LinearOfRows, RowsDependOnThemselvesAlone) {
  const torch::NoGradGuard no_gradients;
  torch::nn::LinearImpl layer(5000, 3);
  const torch::Tensor values = torch::randn({130, 5000});
  const torch::Tensor expected = linear_of_rows(layer, values);
  for (const int threads : {1, 2, 3}) {
    set_compute_threads(threads);
    EXPECT_TRUE(torch::equal(linear_of_rows(layer, values), expected));
    for (const std::int64_t row : {0, 63, 64, 129}) {
      EXPECT_TRUE(torch::equal(linear_of_rows(layer, values.narrow(0, row, 1))[0], expected[row]));
    }
  }
  set_compute_threads(1);
}

TEST(LinearOfRows, HasTheGradientsOfTorch) {
  torch::nn::LinearImpl layer(3, 2);
  EXPECT_TRUE(linear_of_rows(layer, torch::randn({4, 3})).requires_grad());
}

/// Three sequences with padding after the first two, one of them longer than a piece.
struct PooledCase {
  std::vector<std::int64_t> starts{0, 10, 3000, 3040};
  std::vector<std::int64_t> valid{7, 2500, 40};
  torch::Tensor values_te = torch::randn({3040, 21});
  torch::Tensor scores_t1 = 3.0 * torch::randn({3040, 1});

  torch::Tensor own(const torch::Tensor& all, std::size_t b) const {
    return all.narrow(0, starts[b], valid[b]).to(torch::kDouble);
  }
};

TEST(MeanOfSequences, LeavesPaddingOut) {
  const torch::NoGradGuard no_gradients;
  const PooledCase data;
  const torch::Tensor means = mean_of_sequences(data.values_te, {}, {data.starts, data.valid});
  const torch::Tensor weighted =
      mean_of_sequences(data.values_te, data.scores_t1, {data.starts, data.valid});
  for (std::size_t b = 0; b < 3; ++b) {
    const torch::Tensor values = data.own(data.values_te, b);
    const auto row = static_cast<std::int64_t>(b);
    EXPECT_TRUE(torch::allclose(means[row].to(torch::kDouble), values.mean(0), 1e-5, 1e-6));
    const torch::Tensor weights = torch::softmax(data.own(data.scores_t1, b), 0);
    EXPECT_TRUE(
        torch::allclose(weighted[row].to(torch::kDouble), (weights * values).sum(0), 1e-5, 1e-6));
  }
}

TEST(MeanOfSequences, LargeScoresDoNotOverflow) {
  const torch::NoGradGuard no_gradients;
  const PooledCase data;
  const torch::Tensor means =
      mean_of_sequences(data.values_te, data.scores_t1 * 1000.0, {data.starts, data.valid});
  EXPECT_TRUE(torch::isfinite(means).all().item<bool>());
}

TEST(MeanOfSequences, NaNStaysInItsSequence) {
  const torch::NoGradGuard no_gradients;
  PooledCase data;
  data.values_te[5][3] = std::numeric_limits<float>::quiet_NaN();
  const torch::Tensor means = mean_of_sequences(data.values_te, {}, {data.starts, data.valid});
  EXPECT_TRUE(torch::isnan(means[0][3]).item<bool>());
  EXPECT_TRUE(torch::isfinite(means[1]).all().item<bool>());
}

}  // namespace
}  // namespace paramixer
