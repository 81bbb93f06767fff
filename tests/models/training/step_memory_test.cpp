#include "models/training/step_memory.hpp"

#include <gtest/gtest.h>

#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

ModelConfig config_of(std::int64_t blocks, std::int64_t factors) {
  ModelConfig config;
  config.embedding = 32;
  config.blocks = blocks;
  config.factors = factors;
  return config;
}

TEST(StepMemory, CountsTheInputAndTheKeptValuesOfEveryBlock) {
  constexpr std::int64_t kArray = 1000 * 32 * 4;
  EXPECT_EQ(mixing_memory(config_of(1, 14), 1000, Recompute::kNone), 14 * kArray);
  EXPECT_EQ(mixing_memory(config_of(1, 14), 1000, Recompute::kFactors), (1 + 3 + 3) * kArray);
  EXPECT_EQ(mixing_memory(config_of(3, 14), 1000, Recompute::kNone), 42 * kArray);
  EXPECT_EQ(mixing_memory(config_of(3, 14), 1000, Recompute::kFactors), (3 * 4 + 3) * kArray);
  EXPECT_EQ(mixing_memory(config_of(1, 0), 1000, Recompute::kFactors), kArray);
}

TEST(StepMemory, IsToldForBothChoices) {
  EXPECT_EQ(describe_mixing_memory(config_of(1, 14), 131072, Recompute::kNone),
            "a step of 131072 positions keeps up to 234.9 MB of mixing values for the "
            "backward pass; --recompute factors: 117.4 MB");
  EXPECT_HAS(describe_mixing_memory(config_of(6, 14), 131072, Recompute::kFactors),
             "keeps up to 453.0 MB");
  EXPECT_HAS(describe_mixing_memory(config_of(6, 14), 131072, Recompute::kFactors),
             "(--recompute none: 1.41 GB)");
}

}  // namespace
}  // namespace paramixer
