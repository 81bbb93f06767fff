#include "models/training/learning_rate.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace paramixer {
namespace {

TrainConfig config_with(ScheduleKind schedule, std::int64_t warmup_steps) {
  TrainConfig config;
  config.learning_rate = 2.0;
  config.schedule = schedule;
  config.warmup_steps = warmup_steps;
  return config;
}

TEST(LearningRate, WarmsUpLinearlyFromTheFirstStep) {
  const TrainConfig config = config_with(ScheduleKind::kConstant, 4);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 0, 0.0), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 1, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 3, 0.0), 2.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 4, 0.0), 2.0);
}

TEST(LearningRate, IsFullFromTheFirstStepWithoutWarmUp) {
  EXPECT_DOUBLE_EQ(learning_rate_at(config_with(ScheduleKind::kConstant, 0), 0, 0.0), 2.0);
}

TEST(LearningRate, ConstantScheduleIgnoresProgress) {
  const TrainConfig config = config_with(ScheduleKind::kConstant, 0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 100, 0.99), 2.0);
}

TEST(LearningRate, CosineFallsFromFullToZero) {
  const TrainConfig config = config_with(ScheduleKind::kCosine, 0);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 10, 0.0), 2.0);
  EXPECT_NEAR(learning_rate_at(config, 10, 0.25), 1.0 + std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(learning_rate_at(config, 10, 0.5), 1.0, 1e-12);
  EXPECT_NEAR(learning_rate_at(config, 10, 1.0), 0.0, 1e-12);
}

TEST(LearningRate, ProgressPastTheEndDoesNotRaiseItAgain) {
  EXPECT_NEAR(learning_rate_at(config_with(ScheduleKind::kCosine, 0), 10, 1.7), 0.0, 1e-12);
}

TEST(LearningRate, WarmUpAndCosineMultiply) {
  EXPECT_NEAR(learning_rate_at(config_with(ScheduleKind::kCosine, 4), 1, 0.5), 0.5, 1e-12);
}

}  // namespace
}  // namespace paramixer
