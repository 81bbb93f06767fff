#include "models/training/trainer.hpp"

#include <gtest/gtest.h>
#include <sstream>

#include "core/base/error.hpp"
#include "models/file/model_file.hpp"
#include "models/predict/predictor.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"
#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

using test::gc_data;
using test::message_of;
using test::nucleotide_config;
using test::plain_training;
using test::TempDir;

using Tensors = std::map<std::string, StoredTensor>;

/// Runs that write into one fresh folder.
class Trainer : public testing::Test {
 protected:
  TrainRequest run_named(const std::string& name) const {
    TrainRequest run;
    run.train = std::make_shared<const TrainingData>(gc_data(6, 60, 1));
    run.valid = std::make_shared<const TrainingData>(gc_data(4, 60, 2));
    run.model = nucleotide_config(run.train->classes);
    run.training = plain_training();
    run.output = folder_.file(name + ".safetensors");
    run.metrics_log = folder_.file(name + ".csv");
    return run;
  }

  /// Stops when `steps` steps are done.
  static TrainResult train_until(const TrainRequest& run, std::int64_t steps) {
    std::stop_source source;
    TrainCallbacks callbacks;
    callbacks.progress = [&](const Progress& progress) {
      if (progress.done >= steps) source.request_stop();
    };
    return train(run, callbacks, source.get_token());
  }

  TempDir folder_;
};

Tensors weights_of(const TrainRequest& run) { return read_safetensors(run.output).tensors; }

void expect_equal(const Tensors& actual, const Tensors& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    EXPECT_TRUE(actual.at(name).bytes == tensor.bytes) << name;
  }
}

bool differ(const Tensors& a, const Tensors& b) {
  return a.at("final.weight").bytes != b.at("final.weight").bytes;
}

/// Rows of a training curve without the seconds, which no run repeats.
std::vector<std::string> curve_of(const TrainRequest& run) {
  std::istringstream text(test::read_file(run.metrics_log));
  std::vector<std::string> rows;
  for (std::string line; std::getline(text, line);) {
    const std::size_t begin = line.find(',', line.find(',') + 1);
    rows.push_back(line.erase(begin, line.find(',', begin + 1) - begin));
  }
  return rows;
}

TEST_F(Trainer, LearnsASeparableTask) {
  for (const OptimizerKind optimizer : {OptimizerKind::kAdamW, OptimizerKind::kAdam}) {
    TrainRequest run = run_named(name_of(optimizer));
    run.training.optimizer = optimizer;
    run.training.steps = 40;
    run.provenance["title"] = "rich and poor";
    const TrainResult result = train(run);
    EXPECT_EQ(result.end, TrainEnd::kFinished);
    EXPECT_EQ(result.steps, 40);
    EXPECT_GT(result.best_metrics.at("accuracy"), 0.9);
    EXPECT_FALSE(test::exists(checkpoint_path_of(run.output)));

    Predictor predictor(run.output, {});
    const std::vector<std::string> sequences{"GGCCGCGCCGGCGCGC", "ATTATATAATTAATTA"};
    const auto answers = predictor.predict(sequences);
    EXPECT_EQ(answers[0].best, 0);
    EXPECT_EQ(answers[1].best, 1);
    const ModelCard& card = predictor.card();
    EXPECT_EQ(card.trained_length, 32);
    EXPECT_EQ(card.strand, "forward") << "trained without reverse complements";
    EXPECT_EQ(card.metrics, result.best_metrics);
    EXPECT_EQ(card.provenance.at("title"), "rich and poor");
    EXPECT_EQ(card.provenance.at("training_step"), std::to_string(result.best_step));
  }
}

TEST_F(Trainer, TheSeedDecidesTheWeights) {
  TrainRequest first = run_named("first");
  TrainRequest second = run_named("second");
  TrainRequest other = run_named("other");
  other.training.seed += 1;
  for (const TrainRequest* run : {&first, &second, &other}) train(*run);
  expect_equal(weights_of(second), weights_of(first));
  EXPECT_EQ(curve_of(second), curve_of(first));
  EXPECT_TRUE(differ(weights_of(other), weights_of(first)));
}

TEST_F(Trainer, RecomputingChangesNothingButTheMemory) {
  TrainRequest plain = run_named("plain");
  TrainRequest recomputed = run_named("recomputed");
  recomputed.training.recompute = Recompute::kFactors;
  std::string log;
  train(plain);
  train(recomputed, {.log = [&](const std::string& line) { log += line + "\n"; }});
  expect_equal(weights_of(recomputed), weights_of(plain));
  EXPECT_EQ(curve_of(recomputed), curve_of(plain));
  // 8 windows of up to 32 bases, 8 channels; 3 factors as spans of 2 and 1.
  EXPECT_HAS(log, "a step of 256 positions keeps up to 0.0 MB");
  EXPECT_HAS(log, "--recompute none");
  recomputed.device = "cuda";
  EXPECT_HAS(message_of([&] { train(recomputed); }), "on the CPU only");
}

/// Interrupts a run after several steps, goes on each time, and compares with the whole run.
void expect_resumes_exactly(
    const TrainRequest& whole, TrainRequest parts, const std::vector<std::int64_t>& interruptions,
    const std::function<TrainResult(const TrainRequest&, std::int64_t)>& until) {
  const TrainResult expected = train(whole);
  for (const std::int64_t steps : interruptions) {
    const TrainResult part = until(parts, steps);
    EXPECT_EQ(part.end, TrainEnd::kInterrupted);
    EXPECT_EQ(part.steps, steps);
    EXPECT_TRUE(test::exists(checkpoint_path_of(parts.output)));
    parts.start = TrainStart::kResume;
  }
  const TrainResult actual = train(parts);
  EXPECT_EQ(actual.end, expected.end);
  EXPECT_EQ(actual.steps, expected.steps);
  EXPECT_EQ(actual.best_step, expected.best_step);
  EXPECT_EQ(actual.best_metrics, expected.best_metrics);
  expect_equal(weights_of(parts), weights_of(whole));
  EXPECT_EQ(curve_of(parts), curve_of(whole));
  EXPECT_FALSE(test::exists(checkpoint_path_of(parts.output)));
}

TEST_F(Trainer, AnInterruptedRunResumesBitForBit) {
  expect_resumes_exactly(run_named("whole"), run_named("parts"), {1, 4, 7, 11}, train_until);
}

TEST_F(Trainer, ResumesBitForBitWithDropoutErrorsAndStrands) {
  TrainRequest whole = run_named("whole");
  whole.model.token_dropout = whole.model.value_dropout = 0.2;
  whole.model.embedding_dropout = 0.1;
  whole.training.error_share = whole.training.reverse_complement = 0.5;
  whole.training.optimizer = OptimizerKind::kAdam;
  TrainRequest parts = whole;
  parts.output = run_named("parts").output;
  parts.metrics_log = run_named("parts").metrics_log;
  expect_resumes_exactly(whole, parts, {3, 6}, train_until);
}

TEST_F(Trainer, ResumesBitForBitWithWholeRecords) {
  TrainRequest whole = run_named("whole");
  whole.training.crop = CropKind::kNone;
  whole.training.sampling = SamplingKind::kNatural;
  whole.training.batch_size = 3;
  TrainRequest parts = whole;
  parts.output = run_named("parts").output;
  parts.metrics_log = run_named("parts").metrics_log;
  expect_resumes_exactly(whole, parts, {5}, train_until);
}

TrainRequest growing(TrainRequest run) {
  run.model.factors = -1;
  run.training.grow_from = 8;
  run.training.grow_accuracy = 0.8;
  run.training.grow_factors = GrowFactors::kJoin;
  run.training.steps = 55;
  run.training.validate_every = 10;
  return run;
}

TEST_F(Trainer, ResumesBitForBitAfterTheLengthHasGrown) {
  expect_resumes_exactly(growing(run_named("whole")), growing(run_named("parts")), {15, 25, 47},
                         train_until);
}

TEST_F(Trainer, TheLengthGrowsAndFactorsJoin) {
  const TrainRequest run = growing(run_named("growing"));
  std::vector<std::string> growth;
  TrainCallbacks callbacks;
  callbacks.log = [&](const std::string& line) {
    if (line.find("length grows") != std::string::npos) growth.push_back(line);
  };
  train(run, callbacks);
  ASSERT_EQ(growth.size(), 2U);
  EXPECT_HAS(growth[0], "16 bases, 4 factors");
  EXPECT_HAS(growth[1], "32 bases, 5 factors");
  EXPECT_EQ(read_model_card(run.output).trained_length, 32);
}

TEST_F(Trainer, FactorsThatHaveNotJoinedAreTheIdentityInTheModelFile) {
  TrainRequest run = growing(run_named("growing"));
  run.training.steps = 10;
  train(run);
  EXPECT_EQ(read_model_card(run.output).trained_length, 8);
  const Tensors weights = weights_of(run);
  for (std::int64_t m = 0; m < 6; ++m) {
    const std::string name = "attention.0.fs." + std::to_string(m) + ".network.2.weight";
    const float largest = restore_tensor(weights.at(name)).abs().max().item<float>();
    EXPECT_EQ(largest == 0.0F, m >= 3) << name;
  }
}

TEST_F(Trainer, AStopBeforeTheFirstStepCanBeResumed) {
  TrainRequest run = run_named("stopped");
  std::stop_source source;
  source.request_stop();
  const TrainResult result = train(run, {}, source.get_token());
  EXPECT_EQ(result.end, TrainEnd::kInterrupted);
  EXPECT_EQ(result.steps, 0);
  run.start = TrainStart::kResume;
  EXPECT_EQ(train(run).steps, 12);
  const TrainRequest whole = run_named("whole");
  train(whole);
  expect_equal(weights_of(run), weights_of(whole));
}

TEST_F(Trainer, AResumedRunMustHaveTheSameDataAndSettings) {
  TrainRequest run = run_named("run");
  train_until(run, 5);
  run.start = TrainStart::kResume;
  const auto refusal_after = [&](const std::function<void(TrainRequest&)>& change) {
    TrainRequest changed = run;
    change(changed);
    return message_of([&] { train(changed); });
  };
  const std::string reason = "the sequences or labels differ";
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.training.learning_rate *= 2; }),
             "these settings differ: learning_rate (");
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.training.steps += 1; }),
             "steps (12 at the start, 13 now)");
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.model.hidden += 1; }), "hidden (");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.train,
                                 [](TrainingData& data) { data.records[0].sequence[0] = 'N'; });
             }),
             reason);
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.valid, [](TrainingData& data) { data.records.pop_back(); });
             }),
             reason);
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.valid, [](TrainingData& data) { data.records.pop_back(); });
             }),
             checkpoint_path_of(run.output));
  EXPECT_EQ(train(run).steps, 12) << "the refusals leave the checkpoint alone";
}

TEST_F(Trainer, ARunWithoutCheckpointCannotBeResumed) {
  TrainRequest run = run_named("run");
  run.start = TrainStart::kResume;
  EXPECT_HAS(message_of([&] { train(run); }), checkpoint_path_of(run.output));
}

/// Weights grow by about 10 a step, and the product of all of them overflows within a few steps.
TrainRequest exploding(TrainRequest run) {
  run.model.norm = NormKind::kNone;
  run.training.learning_rate = 1e4;
  run.training.warmup_steps = 1000;
  run.training.schedule = ScheduleKind::kConstant;
  run.training.steps = 50;
  run.training.validate_every = 1;
  return run;
}

TEST_F(Trainer, AnExplosionKeepsTheLastGoodCheckpointAndModel) {
  TrainRequest run = exploding(run_named("run"));
  const std::string message = message_of([&] { train(run); });
  EXPECT_HAS(message, "not finite");
  EXPECT_HAS(message, "--learning-rate");
  EXPECT_HAS(message, checkpoint_path_of(run.output));
  EXPECT_HAS(message, run.output);

  const auto loaded = load_model(run.output, std::make_shared<MixEngine>(1), torch::kCPU);
  for (const auto& parameter : loaded.model->parameters()) {
    EXPECT_TRUE(torch::isfinite(parameter).all().item<bool>());
  }
  run.start = TrainStart::kResume;
  EXPECT_EQ(message_of([&] { train(run); }), message) << "the checkpoint is whole";
}

TEST_F(Trainer, AnExplosionThatValidationMeetsFirstIsExplainedAsWell) {
  TrainRequest run = exploding(run_named("run"));
  run.training.learning_rate = 1e6;
  run.training.warmup_steps = 0;
  const std::string message = message_of([&] { train(run); });
  EXPECT_HAS(message, "not finite");
  EXPECT_HAS(message, "--learning-rate");
  EXPECT_FALSE(test::exists(run.output));
}

TEST_F(Trainer, StopsEarlyWithoutImprovement) {
  TrainRequest run = run_named("run");
  run.training.learning_rate = 1e-12;
  run.training.steps = 100;
  run.training.validate_every = 2;
  run.training.patience = 3;
  const TrainResult result = train(run);
  EXPECT_EQ(result.end, TrainEnd::kEarlyStop);
  EXPECT_EQ(result.steps, 8);
  EXPECT_EQ(result.best_step, 2);
  EXPECT_FALSE(test::exists(checkpoint_path_of(run.output)));
}

TEST_F(Trainer, StopsAtTheTimeLimit) {
  TrainRequest run = run_named("run");
  run.training.steps = 0;
  run.training.time_limit_seconds = 0.2;
  run.training.validate_every = 1'000'000;
  const TrainResult result = train(run);
  EXPECT_EQ(result.end, TrainEnd::kTimeLimit);
  EXPECT_GE(result.seconds, 0.2);
  EXPECT_GT(result.steps, 0);
  EXPECT_EQ(result.best_step, result.steps) << "validated at its end";
  EXPECT_NO_THROW(read_model_card(run.output));
}

TEST_F(Trainer, ATimeLimitWithoutTimeForAStepIsAnError) {
  TrainRequest run = run_named("run");
  run.training.time_limit_seconds = 1e-9;
  EXPECT_HAS(message_of([&] { train(run); }), "time limit");
}

TEST_F(Trainer, EpochsCountSamples) {
  TrainRequest run = run_named("run");
  run.training.steps = 0;
  run.training.epochs = 2.0;
  run.training.batch_size = 6;
  EXPECT_EQ(train(run).steps, 4) << "12 records, 6 a step";
}

TEST_F(Trainer, WritesARowOfTheCurveForEveryValidation) {
  const TrainRequest run = run_named("run");
  train(run);
  const auto rows = curve_of(run);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_TRUE(rows[1].starts_with("4,"));
  EXPECT_TRUE(rows[2].starts_with("8,"));
  EXPECT_TRUE(rows[3].starts_with("12,"));
}

TEST_F(Trainer, ReportsEveryStep) {
  std::vector<std::int64_t> steps;
  TrainCallbacks callbacks;
  callbacks.progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.total, 12);
    EXPECT_GT(progress.bases, 0);
    steps.push_back(progress.done);
  };
  train(run_named("run"), callbacks);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
}

TEST_F(Trainer, ClassWeightsMakeUpForRareClasses) {
  TrainRequest run = run_named("run");
  const std::string sequence = "ACGTACGTACGTACGT";
  test::change_data(run.train, [&](TrainingData& data) {
    data.records.assign(9, {"common", sequence, 0});
    data.records.push_back({"rare", sequence, 1});
  });
  run.valid = run.train;  // Calibration makes probabilities fit the classes' shares here.
  run.model.factors = 0;
  run.training.sampling = SamplingKind::kNatural;
  run.training.batch_size = 10;
  run.training.steps = run.training.validate_every = 150;
  const auto share_of_common = [&](ClassWeights weights) {
    run.training.class_weights = weights;
    train(run);
    return Predictor(run.output, {}).predict(std::vector{sequence}).at(0).probabilities.at(0);
  };
  EXPECT_NEAR(share_of_common(ClassWeights::kNone), 0.9F, 0.05F);
  EXPECT_NEAR(share_of_common(ClassWeights::kBalanced), 0.5F, 0.05F);
}

TEST_F(Trainer, ARequestWithoutDataIsRefused) {
  TrainRequest run = run_named("run");
  run.valid.reset();
  EXPECT_HAS(message_of([&] { train(run); }), "no validation record");
  run.train.reset();
  EXPECT_HAS(message_of([&] { train(run); }), "no training record");
}

TEST_F(Trainer, RunsThatMakeNoSenseAreRefusedBeforeAnythingIsWritten) {
  const TrainRequest run = run_named("run");
  const auto refusal_after = [&](const std::function<void(TrainRequest&)>& change) {
    TrainRequest changed = run;
    change(changed);
    return message_of([&] { train(changed); });
  };
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.train, [](TrainingData& data) { data.records.clear(); });
             }),
             "no training record");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.valid, [](TrainingData& data) { data.records.clear(); });
             }),
             "no validation record");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.valid, [](TrainingData& data) { data.classes = {"x", "y"}; });
             }),
             "different classes");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               r.model.classes = {"x", "y"};
             }),
             "different classes");
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.model.task = TaskKind::kRegress; }),
             "classifiers");
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.model.embedding = 0; }), "'embedding' is 0");
  EXPECT_HAS(refusal_after([](TrainRequest& r) { r.training.batch_size = -1; }), "'batch_size'");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.train,
                                 [](TrainingData& data) { data.records[2].sequence = ""; });
             }),
             "'rich1'");
  EXPECT_HAS(refusal_after([](TrainRequest& r) {
               test::change_data(r.valid,
                                 [](TrainingData& data) { data.records[2].sequence = ""; });
             }),
             "'rich1'");
  EXPECT_FALSE(test::exists(run.output));
  EXPECT_FALSE(test::exists(checkpoint_path_of(run.output)));
}

}  // namespace
}  // namespace paramixer
