#include "models/training/data_fingerprint.hpp"

#include <functional>
#include <gtest/gtest.h>

#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

TrainRequest small_run() {
  TrainRequest run;
  run.train = std::make_shared<const TrainingData>(test::gc_data(2, 40, 1));
  run.valid = std::make_shared<const TrainingData>(test::gc_data(2, 40, 2));
  run.model = test::nucleotide_config(run.train->classes);
  run.training = test::plain_training();
  run.output = "model.safetensors";
  return run;
}

bool changes_fingerprint(const std::function<void(TrainRequest&)>& change) {
  TrainRequest run = small_run();
  change(run);
  return training_fingerprint(run) != training_fingerprint(small_run());
}

TEST(TrainingFingerprint, IsTheSameForTheSameRun) {
  EXPECT_FALSE(changes_fingerprint([](TrainRequest&) {}));
}

TEST(TrainingFingerprint, IgnoresWhatAResumedRunMayChange) {
  EXPECT_FALSE(
      changes_fingerprint([](TrainRequest& run) { run.training.time_limit_seconds = 60.0; }));
  EXPECT_FALSE(
      changes_fingerprint([](TrainRequest& run) { run.training.recompute = Recompute::kFactors; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRequest& run) { run.start = TrainStart::kResume; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRequest& run) { run.output = "moved.safetensors"; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRequest& run) { run.metrics_log = "curve.csv"; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRequest& run) { run.provenance["date"] = "today"; }));
}

TEST(TrainingFingerprint, ChangesWithTheConfigurations) {
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) { run.model.embedding = 9; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) { run.model.tokens.alphabet = "acgtn"; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) { run.training.learning_rate = 0.0201; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) { run.training.seed = 8; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) { run.training.steps = 13; }));
}

TEST(TrainingFingerprint, ChangesWithEveryPartOfTheData) {
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) { data.records[3].sequence[39] = 'N'; });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) { data.records[0].name = "other"; });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) { data.records[0].label = 1; });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) { data.records.pop_back(); });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.valid, [](TrainingData& data) { data.records[0].sequence += "A"; });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train,
                      [](TrainingData& data) { std::swap(data.records[0], data.records[2]); });
  }));
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) { data.classes[0] = "other"; });
  }));
}

TEST(TrainingFingerprint, ChangesWhenARecordMovesIntoValidation) {
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.valid, [&](TrainingData& data) {
      data.records.insert(data.records.begin(), run.train->records.back());
    });
    test::change_data(run.train, [](TrainingData& data) { data.records.pop_back(); });
  }));
}

TEST(TrainingFingerprint, ChangesWhenLettersMoveBetweenFields) {
  EXPECT_TRUE(changes_fingerprint([](TrainRequest& run) {
    test::change_data(run.train, [](TrainingData& data) {
      LabelledSequence& record = data.records[0];
      record.name += record.sequence[0];
      record.sequence.erase(0, 1);
    });
  }));
}

}  // namespace
}  // namespace paramixer
