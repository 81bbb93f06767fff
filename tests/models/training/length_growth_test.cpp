#include "models/training/length_growth.hpp"

#include <gtest/gtest.h>
#include <set>

namespace paramixer {
namespace {

TrainConfig growing_from(std::int64_t length) {
  TrainConfig config;
  config.grow_from = length;
  config.grow_accuracy = 0.9;
  return config;
}

/// Steps of perfect accuracy until the length grows.
std::int64_t steps_until_growth(LengthGrowth& growth) {
  for (std::int64_t step = 1; step <= 1000; ++step) {
    if (growth.observe(1.0)) return step;
  }
  return -1;
}

TEST(LengthGrowth, IsFinalFromTheStartWhenOff) {
  LengthGrowth growth(TrainConfig{}, 500);
  EXPECT_TRUE(growth.is_final());
  EXPECT_EQ(growth.state().length, 500);
  EXPECT_EQ(steps_until_growth(growth), -1);
}

TEST(LengthGrowth, IsFinalFromTheStartWhenTheStartIsNotShorter) {
  const LengthGrowth growth(growing_from(800), 500);
  EXPECT_TRUE(growth.is_final());
  EXPECT_EQ(growth.state().length, 500);
}

TEST(LengthGrowth, DoublesUntilTheFinalLength) {
  LengthGrowth growth(growing_from(100), 500);
  for (const std::int64_t length : {200, 400, 500}) {
    EXPECT_FALSE(growth.is_final());
    EXPECT_GT(steps_until_growth(growth), 0);
    EXPECT_EQ(growth.state().length, length);
  }
  EXPECT_TRUE(growth.is_final());
  EXPECT_EQ(steps_until_growth(growth), -1);
}

TEST(LengthGrowth, AFewLuckyStepsDoNotCount) {
  LengthGrowth growth(growing_from(100), 500);
  EXPECT_EQ(steps_until_growth(growth), 20);
  EXPECT_EQ(steps_until_growth(growth), 20) << "the count starts anew at every length";
}

TEST(LengthGrowth, StaysWhileTheRunningAccuracyIsBelowTheThreshold) {
  LengthGrowth growth(growing_from(100), 500);
  for (int step = 0; step < 300; ++step) EXPECT_FALSE(growth.observe(step % 4 == 0 ? 0.5 : 1.0));
  EXPECT_NEAR(growth.state().running_accuracy, 0.875, 0.03);
  EXPECT_LT(steps_until_growth(growth), 20) << "the running mean forgets";
}

TEST(LengthGrowth, ARestoredStateGoesOnAsIfItHadNotStopped) {
  LengthGrowth first(growing_from(100), 500);
  LengthGrowth second(growing_from(100), 500);
  for (int step = 0; step < 13; ++step) first.observe(1.0);
  second.restore(first.state());
  EXPECT_EQ(steps_until_growth(second), 7);
}

/// True when products of the first `factors` factors link every position to every other one, as far
/// as links of the protocol's directions can.
bool connects(const ModelConfig& config, std::int64_t length, std::int64_t factors) {
  const LinkPattern pattern = config.link_pattern();
  for (std::int64_t start = 0; start < length; ++start) {
    std::set<std::int64_t> reached{start};
    for (std::int64_t m = 0; m < factors; ++m) {
      const std::set<std::int64_t> before = reached;
      for (const std::int64_t i : before) {
        for (std::int64_t k = 0; k < pattern.links(); ++k) {
          // Chord's factors share their offsets; each stands for its own power of two.
          const std::int64_t offset = config.protocol == Protocol::kChord
                                          ? (k > 0 ? std::int64_t{1} << m : 0)
                                          : pattern.offset(m, k);
          const std::int64_t target = link_target(i, offset, length, config.boundary);
          if (target >= 0) reached.insert(target);
        }
      }
    }
    const bool forward_only =
        config.protocol == Protocol::kChord && config.boundary == Boundary::kLinear;
    const std::int64_t reachable = forward_only ? length - start : length;
    if (static_cast<std::int64_t>(reached.size()) < reachable) return false;
  }
  return true;
}

TEST(FactorsForLength, ConnectAllPositionsAndNoFewerDo) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    for (const Boundary boundary : {Boundary::kRing, Boundary::kLinear}) {
      ModelConfig config;
      config.protocol = protocol;
      config.boundary = boundary;
      config.factors = 7;
      for (std::int64_t length = 1; length <= 70; ++length) {
        const std::int64_t factors = factors_for_length(config, length);
        EXPECT_TRUE(connects(config, length, factors))
            << name_of(protocol) << ' ' << name_of(boundary) << ' ' << length;
        EXPECT_TRUE(factors == 0 || !connects(config, length, factors - 1))
            << name_of(protocol) << ' ' << name_of(boundary) << ' ' << length;
      }
    }
  }
}

TEST(FactorsForLength, AreAtMostTheModels) {
  ModelConfig config;
  config.factors = 3;
  EXPECT_EQ(factors_for_length(config, 1'000'000), 3);
  config.factors = 0;
  EXPECT_EQ(factors_for_length(config, 1'000'000), 0);
}

}  // namespace
}  // namespace paramixer
