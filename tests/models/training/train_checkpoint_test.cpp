#include "models/training/train_checkpoint.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "models/file/model_file.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::random_model;
using test::small_config;
using test::TempDir;

/// A model with an optimiser that has done one step.
struct Learner {
  explicit Learner(const ModelConfig& config, std::uint64_t seed = 1)
      : model(random_model(config, seed)), adam(*model, TrainConfig{}), average(*model, 0.9) {
    for (auto& parameter : model->parameters()) {
      parameter.mutable_grad() = torch::randn_like(parameter);
    }
    adam.step(0.01);
    average.update(0);
  }
  TrainedParts parts() { return {*model, adam, average}; }
  std::shared_ptr<Paramixer> model;
  Adam adam;
  WeightAverage average;
};

TrainState some_state() {
  TrainState state;
  state.step = 1234;
  state.sampler = {5678, 4321};
  state.growth = {4096, 0.8125, 17};
  state.active_factors = 3;
  state.seconds = 0.1;
  state.loss_mean = 1.0 / 3.0;
  state.accuracy_mean = 2.0 / 3.0;
  state.has_best = true;
  state.best_value = -0.123456789012345678;
  state.best_step = 1200;
  state.validations_since_best = 2;
  state.best_metrics = {{"accuracy", 0.7}, {"log_loss", 1e-17}};
  return state;
}

/// A folder with a checkpoint of a learner.
struct SavedCheckpoint {
  SavedCheckpoint() { save_checkpoint(path, some_state(), learner.parts(), {"print"}); }

  std::string loading_error(const ModelConfig& config = small_config(),
                            const std::string& fingerprint = "print") const {
    Learner other(config, 2);
    return message_of([&] { load_checkpoint(path, other.parts(), {fingerprint}); });
  }

  TempDir folder;
  std::string path = folder.file("model.checkpoint");
  mutable Learner learner{small_config()};
};

TEST(TrainCheckpoint, GivesBackEveryCounterExactly) {
  const SavedCheckpoint saved;
  Learner other(small_config(), 2);
  const TrainState state = load_checkpoint(saved.path, other.parts(), {"print"});
  const TrainState expected = some_state();
  EXPECT_EQ(state.step, expected.step);
  EXPECT_EQ(state.sampler.samples, expected.sampler.samples);
  EXPECT_EQ(state.sampler.stage_start, expected.sampler.stage_start);
  EXPECT_EQ(state.growth.length, expected.growth.length);
  EXPECT_EQ(state.growth.running_accuracy, expected.growth.running_accuracy);
  EXPECT_EQ(state.growth.steps_at_length, expected.growth.steps_at_length);
  EXPECT_EQ(state.active_factors, expected.active_factors);
  EXPECT_EQ(state.seconds, expected.seconds);
  EXPECT_EQ(state.loss_mean, expected.loss_mean);
  EXPECT_EQ(state.accuracy_mean, expected.accuracy_mean);
  EXPECT_TRUE(state.has_best);
  EXPECT_EQ(state.best_value, expected.best_value);
  EXPECT_EQ(state.best_step, expected.best_step);
  EXPECT_EQ(state.validations_since_best, expected.validations_since_best);
  EXPECT_EQ(state.best_metrics, expected.best_metrics);
}

TEST(TrainCheckpoint, GivesBackWeightsAndMomentsBitForBit) {
  const SavedCheckpoint saved;
  Learner other(small_config(), 2);
  load_checkpoint(saved.path, other.parts(), {"print"});
  for (const auto& parameter : saved.learner.model->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), other.model->named_parameters()[parameter.key()]))
        << parameter.key();
  }
  const auto expected = saved.learner.adam.moments();
  const auto actual = other.adam.moments();
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    EXPECT_EQ(actual.at(name).bytes, tensor.bytes) << name;
  }
}

TEST(TrainCheckpoint, GivesBackTheAverageOfTheWeights) {
  const SavedCheckpoint saved;
  Learner other(small_config(), 2);
  load_checkpoint(saved.path, other.parts(), {"print"});
  const auto expected = saved.learner.average.stored();
  const auto actual = other.average.stored();
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    EXPECT_EQ(actual.at(name).bytes, tensor.bytes) << name;
  }
}

TEST(TrainCheckpoint, AMissingFileIsNamedWithWhatToDo) {
  const TempDir folder;
  Learner learner(small_config());
  const std::string path = folder.file("none.checkpoint");
  const std::string message =
      message_of([&] { load_checkpoint(path, learner.parts(), {"print"}); });
  EXPECT_HAS(message, path);
  EXPECT_HAS(message, "without --resume");
}

TEST(TrainCheckpoint, AnotherRunsCheckpointIsRefused) {
  const SavedCheckpoint saved;
  EXPECT_HAS(saved.loading_error(small_config(), "another"), saved.path);
  EXPECT_HAS(saved.loading_error(small_config(), "another"), "the sequences or labels differ");
}

TEST(TrainCheckpoint, AModelFileIsNoCheckpoint) {
  const SavedCheckpoint saved;
  ModelCard card;
  card.config = small_config();
  save_model(saved.path, *saved.learner.model, card);
  EXPECT_HAS(saved.loading_error(), saved.path);
  EXPECT_HAS(saved.loading_error(), "not a checkpoint");
}

TEST(TrainCheckpoint, ATruncatedFileIsNamed) {
  const SavedCheckpoint saved;
  const std::string bytes = test::read_file(saved.path);
  for (const std::size_t size :
       {bytes.size() - 1, bytes.size() / 2, std::size_t{9}, std::size_t{}}) {
    test::write_file(saved.path, bytes.substr(0, size));
    EXPECT_HAS(saved.loading_error(), saved.path) << size;
  }
}

TEST(TrainCheckpoint, WeightsOfAnotherShapeAreNamed) {
  const SavedCheckpoint saved;
  ModelConfig config = small_config();
  config.hidden = 7;
  EXPECT_HAS(saved.loading_error(config), saved.path);
  EXPECT_HAS(saved.loading_error(config), "attention.0.g.network.0.weight");
}

TEST(TrainCheckpoint, DamagedPartsAreNamed) {
  const SavedCheckpoint saved;
  const TensorFile whole = read_safetensors(saved.path);
  const auto error_after = [&](const std::function<void(TensorFile&)>& change) {
    TensorFile file = whole;
    change(file);
    write_safetensors(saved.path, file);
    return saved.loading_error();
  };
  EXPECT_HAS(error_after([](TensorFile& f) { f.tensors.erase("weight/final.bias"); }),
             "'final.bias' is missing");
  EXPECT_HAS(error_after([](TensorFile& f) { f.tensors.erase("adam/final.bias/first"); }),
             "'final.bias/first' is missing");
  EXPECT_HAS(error_after([](TensorFile& f) { f.metadata["state"] = "{"; }), saved.path);
  EXPECT_HAS(error_after([](TensorFile& f) { f.metadata["state"] = R"({"step": "x"})"; }),
             "'step'");
  EXPECT_HAS(error_after([](TensorFile& f) { f.metadata["best_metrics"] = R"({"a": "b"})"; }),
             saved.path);
  EXPECT_EQ(error_after([](TensorFile&) {}), "no error");
}

}  // namespace
}  // namespace paramixer
