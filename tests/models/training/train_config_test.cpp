#include "models/training/train_config.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;

std::string reading_error(const std::string& json) {
  return message_of([&] { with_json_settings(TrainConfig{}, json); });
}

template <typename Field, typename Value>
std::string refusal_with(Field field, Value value) {
  TrainConfig config;
  config.*field = value;
  return message_of([&] { validate(config); });
}

TEST(TrainConfig, DefaultsAreValid) { EXPECT_NO_THROW(validate(TrainConfig{})); }

TEST(TrainConfig, JsonRoundTripKeepsEveryField) {
  const std::string json =
      R"({"optimizer": "adam", "learning_rate": 0.5, "weight_decay": 0.25, "clip_norm": 2.0,)"
      R"( "schedule": "constant", "warmup_steps": 3, "steps": 4, "epochs": 1.5,)"
      R"( "time_limit_seconds": 60.0, "batch_size": 5, "batch_bases": 6, "sampling": "natural",)"
      R"( "class_weights": "balanced", "crop": "none", "min_window": 7, "max_window": 8,)"
      R"( "reverse_complement": 0.125, "error_share": 0.75, "substitution_rate": 0.01,)"
      R"( "insertion_rate": 0.04, "deletion_rate": 0.03, "link_start": "full-size",)"
      R"( "grow_from": 9, "grow_accuracy": 0.9, "grow_factors": "join", "recompute": "factors",)"
      R"( "validate_every": 10,)"
      R"( "validation_windows": 11, "validation_share": 0.3, "select": "log_loss",)"
      R"( "patience": 12, "seed": 18446744073709551615})";
  const TrainConfig config = with_json_settings(TrainConfig{}, json);
  EXPECT_EQ(config.optimizer, OptimizerKind::kAdam);
  EXPECT_EQ(config.learning_rate, 0.5);
  EXPECT_EQ(config.weight_decay, 0.25);
  EXPECT_EQ(config.clip_norm, 2.0);
  EXPECT_EQ(config.schedule, ScheduleKind::kConstant);
  EXPECT_EQ(config.warmup_steps, 3);
  EXPECT_EQ(config.steps, 4);
  EXPECT_EQ(config.epochs, 1.5);
  EXPECT_EQ(config.time_limit_seconds, 60.0);
  EXPECT_EQ(config.batch_size, 5);
  EXPECT_EQ(config.batch_bases, 6);
  EXPECT_EQ(config.sampling, SamplingKind::kNatural);
  EXPECT_EQ(config.class_weights, ClassWeights::kBalanced);
  EXPECT_EQ(config.crop, CropKind::kNone);
  EXPECT_EQ(config.min_window, 7);
  EXPECT_EQ(config.max_window, 8);
  EXPECT_EQ(config.reverse_complement, 0.125);
  EXPECT_EQ(config.error_share, 0.75);
  EXPECT_EQ(config.errors.substitution, 0.01);
  EXPECT_EQ(config.errors.insertion, 0.04);
  EXPECT_EQ(config.errors.deletion, 0.03);
  EXPECT_EQ(config.link_start, LinkStart::kFullSize);
  EXPECT_EQ(config.grow_from, 9);
  EXPECT_EQ(config.grow_accuracy, 0.9);
  EXPECT_EQ(config.grow_factors, GrowFactors::kJoin);
  EXPECT_EQ(config.recompute, Recompute::kFactors);
  EXPECT_EQ(config.validate_every, 10);
  EXPECT_EQ(config.validation_windows, 11);
  EXPECT_EQ(config.validation_share, 0.3);
  EXPECT_EQ(config.select, SelectMetric::kLogLoss);
  EXPECT_EQ(config.patience, 12);
  EXPECT_EQ(config.seed, 18446744073709551615ULL);
  const std::string written = to_json(config);
  EXPECT_EQ(to_json(with_json_settings(TrainConfig{}, written)), written);
}

TEST(TrainConfig, WhatIsWrongInJsonNamesItsKey) {
  EXPECT_HAS(reading_error(R"({"epoch": 3})"), "unknown key 'epoch'");
  EXPECT_HAS(reading_error(R"({"steps": 1.5})"), "'steps'");
  EXPECT_HAS(reading_error(R"({"steps": "many"})"), "'steps'");
  EXPECT_HAS(reading_error(R"({"learning_rate": "low"})"), "'learning_rate'");
  EXPECT_HAS(reading_error(R"({"optimizer": "sgd"})"), "optimizer 'sgd'");
  EXPECT_HAS(reading_error(R"({"select": "auc"})"), "'auc'");
  EXPECT_HAS(reading_error(R"({"recompute": "all"})"), "recompute 'all'");
  EXPECT_HAS(reading_error("[1]"), "training configuration");
  EXPECT_HAS(reading_error("steps: 3"), "training configuration");
}

TEST(TrainConfig, NumbersThatDoNotFitTheirFieldAreRefused) {
  EXPECT_HAS(reading_error(R"({"seed": -1})"), "'seed'");
  EXPECT_HAS(reading_error(R"({"steps": 9223372036854775808})"), "'steps'");
}

TEST(TrainConfig, NumbersOutOfRangeInJsonNameTheirKeyAndTheRange) {
  EXPECT_EQ(reading_error(R"({"learning_rate": -1})"),
            "training configuration: key 'learning_rate' has the value -1, expected a number above "
            "0 and at most 1000000");
  EXPECT_HAS(reading_error(R"({"learning_rate": true})"), "has the value true, expected a number");
  EXPECT_HAS(reading_error(R"({"steps": -1})"), "expected a whole number from 0 to 1000000000000");
  EXPECT_HAS(reading_error(R"({"substitution_rate": 1})"), "expected a number from 0 to below 1");
  EXPECT_HAS(reading_error(R"({"validation_share": 1.0})"),
             "expected a number above 0 and below 1");
  EXPECT_HAS(reading_error(R"({"epochs": 1e300})"), "'epochs' has the value 1e+300");
  EXPECT_HAS(reading_error(R"({"epochs": 1e999})"), "training configuration is not valid JSON");
}

TEST(TrainConfig, ValuesOutOfRangeNameTheirField) {
  EXPECT_HAS(refusal_with(&TrainConfig::learning_rate, 0.0), "'learning_rate'");
  EXPECT_HAS(refusal_with(&TrainConfig::learning_rate, std::nan("")), "'learning_rate'");
  EXPECT_HAS(refusal_with(&TrainConfig::weight_decay, -0.1), "'weight_decay'");
  EXPECT_HAS(refusal_with(&TrainConfig::clip_norm, -1.0), "'clip_norm'");
  EXPECT_HAS(refusal_with(&TrainConfig::warmup_steps, -1), "'warmup_steps'");
  EXPECT_HAS(refusal_with(&TrainConfig::steps, -1), "'steps'");
  EXPECT_HAS(refusal_with(&TrainConfig::epochs, -1.0), "'epochs'");
  EXPECT_HAS(refusal_with(&TrainConfig::time_limit_seconds, -1.0), "'time_limit_seconds'");
  EXPECT_HAS(refusal_with(&TrainConfig::batch_size, -1), "'batch_size'");
  EXPECT_HAS(refusal_with(&TrainConfig::batch_bases, 0), "'batch_bases'");
  EXPECT_HAS(refusal_with(&TrainConfig::min_window, 0), "'min_window'");
  EXPECT_HAS(refusal_with(&TrainConfig::max_window, 299), "'max_window'");
  EXPECT_HAS(refusal_with(&TrainConfig::reverse_complement, 1.1), "'reverse_complement'");
  EXPECT_HAS(refusal_with(&TrainConfig::error_share, -0.1), "'error_share'");
  EXPECT_HAS(refusal_with(&TrainConfig::errors, ReadErrorRates{1.0, 0, 0}), "'substitution_rate'");
  EXPECT_HAS(refusal_with(&TrainConfig::errors, ReadErrorRates{0, 1.0, 0}), "'insertion_rate'");
  EXPECT_HAS(refusal_with(&TrainConfig::errors, ReadErrorRates{0, 0, -1.0}), "'deletion_rate'");
  EXPECT_HAS(refusal_with(&TrainConfig::grow_from, -1), "'grow_from'");
  EXPECT_HAS(refusal_with(&TrainConfig::grow_accuracy, 1.5), "'grow_accuracy'");
  EXPECT_HAS(refusal_with(&TrainConfig::grow_factors, GrowFactors::kJoin), "'grow_factors'");
  EXPECT_HAS(refusal_with(&TrainConfig::validate_every, 0), "'validate_every'");
  EXPECT_HAS(refusal_with(&TrainConfig::validation_windows, 0), "'validation_windows'");
  EXPECT_HAS(refusal_with(&TrainConfig::validation_share, 0.0), "'validation_share'");
  EXPECT_HAS(refusal_with(&TrainConfig::patience, -1), "'patience'");
}

/// Every number of the configuration, so that a new one cannot be left without a range.
TEST(TrainConfig, EveryNumberInJsonHasARangeThatIsChecked) {
  const nlohmann::json defaults = nlohmann::json::parse(to_json(TrainConfig{}));
  int numbers = 0;
  for (const auto& [key, value] : defaults.items()) {
    if (!value.is_number()) continue;
    ++numbers;
    for (const char* wrong :
         {"-1e300", "1e300", "-9223372036854775808", "true", "\"1\"", "\"nan\"", "[1]", "{}"}) {
      const std::string message = test::message_of(
          [&] { with_json_settings(TrainConfig{}, "{\"" + key + "\": " + wrong + "}"); });
      EXPECT_HAS(message, "training configuration: key '" + key + "' has the value ");
      EXPECT_HAS(message, ", expected a ");
    }
  }
  EXPECT_GT(numbers, 6);
}

}  // namespace
}  // namespace paramixer
