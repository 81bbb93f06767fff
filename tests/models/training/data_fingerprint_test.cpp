#include "models/training/data_fingerprint.hpp"

#include <functional>
#include <gtest/gtest.h>

#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

TrainRun small_run() {
  TrainRun run;
  run.train = test::gc_data(2, 40, 1);
  run.valid = test::gc_data(2, 40, 2);
  run.model = test::nucleotide_config(run.train.classes);
  run.training = test::plain_training();
  run.output = "model.safetensors";
  return run;
}

bool changes_fingerprint(const std::function<void(TrainRun&)>& change) {
  TrainRun run = small_run();
  change(run);
  return training_fingerprint(run) != training_fingerprint(small_run());
}

TEST(TrainingFingerprint, IsTheSameForTheSameRun) {
  EXPECT_FALSE(changes_fingerprint([](TrainRun&) {}));
}

TEST(TrainingFingerprint, IgnoresWhatAResumedRunMayChange) {
  EXPECT_FALSE(changes_fingerprint([](TrainRun& run) { run.training.time_limit_seconds = 60.0; }));
  EXPECT_FALSE(
      changes_fingerprint([](TrainRun& run) { run.training.recompute = Recompute::kFactors; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRun& run) { run.start = TrainStart::kResume; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRun& run) { run.output = "moved.safetensors"; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRun& run) { run.metrics_log = "curve.csv"; }));
  EXPECT_FALSE(changes_fingerprint([](TrainRun& run) { run.provenance["date"] = "today"; }));
}

TEST(TrainingFingerprint, ChangesWithTheConfigurations) {
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.model.embedding = 9; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.model.tokens.alphabet = "acgtn"; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.training.learning_rate = 0.0201; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.training.seed = 8; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.training.steps = 13; }));
}

TEST(TrainingFingerprint, ChangesWithEveryPartOfTheData) {
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.train.records[3].sequence[39] = 'N'; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.train.records[0].name = "other"; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.train.records[0].label = 1; }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.train.records.pop_back(); }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.valid.records[0].sequence += "A"; }));
  EXPECT_TRUE(changes_fingerprint(
      [](TrainRun& run) { std::swap(run.train.records[0], run.train.records[2]); }));
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) { run.train.classes[0] = "other"; }));
}

TEST(TrainingFingerprint, ChangesWhenARecordMovesIntoValidation) {
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) {
    run.valid.records.insert(run.valid.records.begin(), run.train.records.back());
    run.train.records.pop_back();
  }));
}

TEST(TrainingFingerprint, ChangesWhenLettersMoveBetweenFields) {
  EXPECT_TRUE(changes_fingerprint([](TrainRun& run) {
    auto& record = run.train.records[0];
    record.name += record.sequence[0];
    record.sequence.erase(0, 1);
  }));
}

}  // namespace
}  // namespace paramixer
