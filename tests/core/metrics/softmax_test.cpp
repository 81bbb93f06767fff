#include "core/metrics/softmax.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace paramixer {
namespace {

TEST(SoftmaxTest, AddsUpToOneInTheRatiosOfTheExponentials) {
  const std::vector<double> logits{0.0, std::log(2.0), std::log(5.0)};
  const auto values = softmax(logits, 1.0);
  EXPECT_NEAR(values[0], 0.125, 1e-15);
  EXPECT_NEAR(values[1], 0.25, 1e-15);
  EXPECT_NEAR(values[2], 0.625, 1e-15);
  EXPECT_NEAR(softmax(logits, 2.0)[2] / softmax(logits, 2.0)[0], std::sqrt(5.0), 1e-12);
}

TEST(SoftmaxTest, LargeLogitsDoNotOverflow) {
  EXPECT_EQ(softmax(std::vector<double>{1000.0, -1000.0}, 1.0), (std::vector<double>{1.0, 0.0}));
}

TEST(SoftmaxTest, ANaNLogitMakesTheWholeRowNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& logits : {std::vector{nan, 1.0}, std::vector{1.0, nan}}) {
    for (const double value : softmax(logits, 1.0)) EXPECT_TRUE(std::isnan(value));
  }
}

}  // namespace
}  // namespace paramixer
