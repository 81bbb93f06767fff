#include "core/metrics/calibration.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace paramixer {
namespace {

/// Records whose labels are drawn from the softmax of their logits, which are then multiplied.
LabelledLogits drawn(double factor, std::int64_t records) {
  Random random(7);
  LabelledLogits scored{.classes = 3, .logits = {}, .labels = {}};
  for (std::int64_t r = 0; r < records; ++r) {
    double logits[3];
    double sum = 0.0;
    for (double& logit : logits) {
      logit = 2.0 * random.normal();
      sum += std::exp(logit);
    }
    double left = random.uniform() * sum;
    std::int32_t label = 0;
    while (label < 2 && left >= std::exp(logits[label])) left -= std::exp(logits[label++]);
    scored.labels.push_back(label);
    for (const double logit : logits) scored.logits.push_back(factor * logit);
  }
  return scored;
}

TEST(Calibration, finds_the_factor_by_which_logits_are_too_large) {
  EXPECT_NEAR(fit_temperature(drawn(1.0, 20000)), 1.0, 0.05);
  EXPECT_NEAR(fit_temperature(drawn(3.0, 20000)), 3.0, 0.15);
  EXPECT_NEAR(fit_temperature(drawn(0.25, 20000)), 0.25, 0.02);
}

TEST(Calibration, stays_within_its_bounds_when_all_or_none_is_right) {
  const LabelledLogits right{.classes = 2, .logits = {5, 0, 0, 5}, .labels = {0, 1}};
  const LabelledLogits wrong{.classes = 2, .logits = {5, 0, 0, 5}, .labels = {1, 0}};
  EXPECT_NEAR(fit_temperature(right), 0.05, 1e-3);
  EXPECT_NEAR(fit_temperature(wrong), 20.0, 1e-2);
  EXPECT_EQ(fit_temperature({}), 1.0);
}

TEST(Calibration, huge_logits_are_finite) {
  const LabelledLogits scored{.classes = 2, .logits = {1e6, -1e6, 0, 3}, .labels = {0, 0}};
  EXPECT_TRUE(std::isfinite(fit_temperature(scored)));
}

TEST(Calibration, the_threshold_keeps_the_share_that_was_chosen) {
  LabelledLogits scored{.classes = 2, .logits = {}, .labels = {}};
  for (int r = 1; r <= 100; ++r) {  // Probabilities of the first class from 1/2 upwards.
    scored.logits.push_back(0.1 * r);
    scored.logits.push_back(0.0);
    scored.labels.push_back(0);
  }
  const double limit = novelty_that_keeps(scored, 0.95);
  EXPECT_NEAR(limit, 1.0 - 1.0 / (1.0 + std::exp(-0.6)), 1e-12);  // Record 6; five are above it.
  EXPECT_EQ(novelty_that_keeps({}, 0.95), 1.0);
}

}  // namespace
}  // namespace paramixer
