#include "models/training/batch_sampler.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <set>

#include "core/base/error.hpp"
#include "core/sequence/strand.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/training/training_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::nucleotide_config;
using test::plain_training;
using test::random_bases;

/// A record per class, so that a label tells which record was drawn. Record r has `shortest` + r
/// bases.
TrainingData one_record_a_class(std::int64_t records, std::int64_t shortest) {
  TrainingData data;
  for (std::int64_t r = 0; r < records; ++r) {
    data.classes.push_back("class" + std::to_string(r));
    data.records.push_back({"record" + std::to_string(r),
                            random_bases(shortest + r, static_cast<std::uint64_t>(r) + 1),
                            static_cast<std::int32_t>(r)});
  }
  return data;
}

/// Data, configurations and the sampler that refers to them.
struct Sampling {
  Sampling(TrainingData records, TrainConfig training)
      : Sampling(std::move(records), training, {}) {}
  Sampling(TrainingData records, TrainConfig training, std::optional<ModelConfig> own_model)
      : data(std::move(records)),
        model(own_model ? *own_model : nucleotide_config(data.classes)),
        config(training),
        sampler(data, model, config) {}

  LabelledBatch draw(std::int64_t step, std::int64_t length) {
    LabelledBatch batch;
    sampler.draw(step, length, batch);
    return batch;
  }

  TrainingData data;
  ModelConfig model;
  TrainConfig config;
  BatchSampler sampler;
};

/// The most positions in many batches.
std::int64_t most_drawn(Sampling& sampling) {
  std::int64_t most = 0;
  for (std::int64_t step = 0; step < 300; ++step) {
    most = std::max(most, sampling.draw(step, sampling.sampler.final_length()).tokens.positions());
  }
  return most;
}

/// Letters of sequence b of a batch of nucleotide tokens, without padding.
std::string bases_of(const LabelledBatch& batch, std::size_t b) {
  std::string bases;
  for (std::int64_t i = 0; i < batch.tokens.valid[b]; ++i) {
    const auto t = static_cast<std::size_t>(batch.tokens.starts[b] + i);
    bases += "AGCTN"[batch.tokens.tokens[t]];
  }
  return bases;
}

std::vector<std::int64_t> label_counts(Sampling& sampling, std::int64_t steps) {
  std::vector<std::int64_t> counts(sampling.data.classes.size(), 0);
  for (std::int64_t step = 0; step < steps; ++step) {
    const LabelledBatch batch = sampling.draw(step, sampling.sampler.final_length());
    for (const std::int64_t label : batch.labels) ++counts[static_cast<std::size_t>(label)];
  }
  return counts;
}

TEST(BatchSampler, BalancedSamplingDrawsEveryClassEquallyOften) {
  TrainingData data{{"common", "rare"}, {}};
  for (int r = 0; r < 9; ++r) data.records.push_back({"c", random_bases(40, 3), 0});
  data.records.push_back({"r", random_bases(40, 4), 1});
  Sampling sampling(data, plain_training());
  EXPECT_EQ(label_counts(sampling, 5), (std::vector<std::int64_t>{20, 20}));
}

TEST(BatchSampler, NaturalSamplingDrawsEveryRecordOnceAnEpoch) {
  TrainConfig config = plain_training();
  config.sampling = SamplingKind::kNatural;
  config.batch_size = 5;
  Sampling sampling(one_record_a_class(10, 40), config);
  EXPECT_EQ(label_counts(sampling, 6), std::vector<std::int64_t>(10, 3));
  EXPECT_DOUBLE_EQ(sampling.sampler.epochs(), 3.0);
}

TEST(BatchSampler, EveryPassHasAnOrderOfItsOwn) {
  TrainConfig config = plain_training();
  config.sampling = SamplingKind::kNatural;
  config.batch_size = 10;
  Sampling sampling(one_record_a_class(10, 40), config);
  const auto first = sampling.draw(0, 32).labels;
  const auto second = sampling.draw(1, 32).labels;
  EXPECT_NE(first, second);
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), second.begin()));
}

TEST(BatchSampler, WindowsAreCutOutOfTheirRecords) {
  Sampling sampling(one_record_a_class(4, 50), plain_training());
  std::set<std::int64_t> lengths;
  for (std::int64_t step = 0; step < 30; ++step) {
    const LabelledBatch batch = sampling.draw(step, sampling.sampler.final_length());
    ASSERT_EQ(batch.labels.size(), 8U);
    std::int64_t bases = 0;
    for (std::size_t b = 0; b < batch.labels.size(); ++b) {
      const std::string window = bases_of(batch, b);
      bases += static_cast<std::int64_t>(window.size());
      lengths.insert(static_cast<std::int64_t>(window.size()));
      const auto& record = sampling.data.records[static_cast<std::size_t>(batch.labels[b])];
      EXPECT_NE(record.sequence.find(window), std::string::npos);
    }
    EXPECT_EQ(batch.bases, bases);
  }
  EXPECT_GE(*lengths.begin(), 8);
  EXPECT_LE(*lengths.rbegin(), 32);
  EXPECT_GT(lengths.size(), 5U) << "the length is drawn anew for every step";
}

TEST(BatchSampler, ReverseComplementsComeFromTheOtherStrand) {
  TrainConfig config = plain_training();
  config.reverse_complement = 1.0;
  Sampling sampling(one_record_a_class(4, 50), config);
  const LabelledBatch batch = sampling.draw(0, 32);
  for (std::size_t b = 0; b < batch.labels.size(); ++b) {
    const auto& record = sampling.data.records[static_cast<std::size_t>(batch.labels[b])];
    EXPECT_NE(reverse_complement(record.sequence).find(bases_of(batch, b)), std::string::npos);
  }
}

TEST(BatchSampler, ReadErrorsChangeWindows) {
  TrainConfig config = plain_training();
  config.error_share = 1.0;
  config.errors = {0.5, 0.0, 0.0};
  config.min_window = 32;
  Sampling sampling(one_record_a_class(4, 50), config);
  const LabelledBatch batch = sampling.draw(0, 32);
  for (std::size_t b = 0; b < batch.labels.size(); ++b) {
    const auto& record = sampling.data.records[static_cast<std::size_t>(batch.labels[b])];
    EXPECT_EQ(record.sequence.find(bases_of(batch, b)), std::string::npos);
  }
}

TEST(BatchSampler, DeletionsNeverLeaveLessThanOneToken) {
  TrainConfig config = plain_training();
  config.error_share = 1.0;
  config.errors = {0.0, 0.0, 0.9};
  config.min_window = 8;
  config.max_window = 8;
  TrainingData data = one_record_a_class(2, 20);
  ModelConfig model = nucleotide_config(data.classes);
  model.tokens = {TokenKind::kKmer, 6, "agctn"};
  Sampling sampling(data, config, validated(model));
  for (std::int64_t step = 0; step < 20; ++step) {
    for (const std::int64_t valid : sampling.draw(step, 8).tokens.valid) EXPECT_GE(valid, 1);
  }
}

TEST(BatchSampler, BatchesHoldAboutTheBasesAskedFor) {
  TrainConfig config = plain_training();
  config.batch_size = 0;
  config.batch_bases = 1000;
  config.max_window = 40;
  Sampling sampling(one_record_a_class(3, 100), config);
  for (std::int64_t step = 0; step < 10; ++step) {
    const LabelledBatch batch = sampling.draw(step, 40);
    EXPECT_LE(batch.bases, 1000);
    EXPECT_GT(batch.bases, 1000 - 41);
  }
}

TEST(BatchSampler, ABatchHoldsAtLeastOneSequence) {
  TrainConfig config = plain_training();
  config.batch_size = 0;
  config.batch_bases = 1;
  Sampling sampling(one_record_a_class(2, 50), config);
  EXPECT_EQ(sampling.draw(0, 32).labels.size(), 1U);
}

TEST(BatchSampler, FixedLengthsArePadded) {
  TrainConfig config = plain_training();
  TrainingData data = one_record_a_class(2, 50);
  ModelConfig model = nucleotide_config(data.classes);
  model.length = LengthKind::kFixed;
  Sampling sampling(data, config, validated(model));
  const LabelledBatch batch = sampling.draw(0, 32);
  for (std::size_t b = 0; b < batch.labels.size(); ++b) {
    EXPECT_EQ(batch.tokens.starts[b + 1] - batch.tokens.starts[b], 64);
    const auto last = static_cast<std::size_t>(batch.tokens.starts[b + 1] - 1);
    EXPECT_EQ(batch.tokens.tokens[last], 5) << "PAD";
  }
}

TEST(BatchSampler, InsertionsThatPassAFixedLengthAreCut) {
  TrainConfig config = plain_training();
  config.min_window = config.max_window = 64;
  config.error_share = 1.0;
  config.errors = {0.0, 0.5, 0.0};
  TrainingData data = one_record_a_class(2, 70);
  ModelConfig model = nucleotide_config(data.classes);
  model.length = LengthKind::kFixed;
  Sampling sampling(data, config, validated(model));
  for (const std::int64_t valid : sampling.draw(0, 64).tokens.valid) EXPECT_EQ(valid, 64);
}

TEST(BatchSampler, FinalLengthIsTheShortestOfRecordsWindowAndModel) {
  TrainConfig config = plain_training();
  EXPECT_EQ(Sampling(one_record_a_class(2, 50), config).sampler.final_length(), 32);
  config.max_window = 0;
  EXPECT_EQ(Sampling(one_record_a_class(2, 50), config).sampler.final_length(), 51);
  EXPECT_EQ(Sampling(one_record_a_class(2, 500), config).sampler.final_length(), 64);
  config.crop = CropKind::kNone;
  EXPECT_EQ(Sampling(one_record_a_class(2, 500), config).sampler.final_length(), 501);
}

TEST(BatchSampler, ARestoredSamplerDrawsWhatTheFirstOneWouldHave) {
  for (const CropKind crop : {CropKind::kRandom, CropKind::kNone}) {
    TrainConfig config = plain_training();
    config.crop = crop;
    config.reverse_complement = 0.5;
    config.error_share = 0.5;
    Sampling first(one_record_a_class(7, 30), config);
    for (std::int64_t step = 0; step < 5; ++step) first.draw(step, first.sampler.final_length());
    Sampling second(first.data, config);
    second.sampler.restore(first.sampler.state());
    for (std::int64_t step = 5; step < 25; ++step) {
      const LabelledBatch expected = first.draw(step, first.sampler.final_length());
      const LabelledBatch actual = second.draw(step, second.sampler.final_length());
      EXPECT_EQ(actual.tokens.tokens, expected.tokens.tokens);
      EXPECT_EQ(actual.labels, expected.labels);
    }
  }
}

TEST(BatchSampler, TheSeedDecidesTheBatches) {
  TrainConfig config = plain_training();
  const auto tokens = [&] {
    return Sampling(one_record_a_class(7, 50), config).draw(0, 32).tokens.tokens;
  };
  const auto first = tokens();
  EXPECT_EQ(tokens(), first);
  config.seed = 8;
  EXPECT_NE(tokens(), first);
}

TEST(BatchSampler, WholeRecordsComeInBatchesOfSimilarLength) {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  config.sampling = SamplingKind::kNatural;
  config.batch_size = 2;
  Sampling sampling(one_record_a_class(32, 10), config);
  std::vector<std::int64_t> counts(32, 0);
  for (std::int64_t step = 0; step < 16; ++step) {
    const LabelledBatch batch = sampling.draw(step, sampling.sampler.final_length());
    ASSERT_EQ(batch.labels.size(), 2U);
    for (std::size_t b = 0; b < 2; ++b) {
      const auto label = static_cast<std::size_t>(batch.labels[b]);
      EXPECT_EQ(bases_of(batch, b), sampling.data.records[label].sequence);
      ++counts[label];
    }
    EXPECT_LE(std::abs(batch.tokens.valid[0] - batch.tokens.valid[1]), 1);
  }
  EXPECT_EQ(counts, std::vector<std::int64_t>(32, 1));
}

TEST(BatchSampler, GrowingWholeRecordsTrainOnTheLengthsOfTheirStage) {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  config.grow_from = 16;
  Sampling sampling(one_record_a_class(60, 5), config);
  for (const std::int64_t length : {16, 32, 64}) {
    for (std::int64_t step = 0; step < 20; ++step) {
      for (const std::int64_t valid : sampling.draw(step, length).tokens.valid) {
        EXPECT_LE(valid, length);
        EXPECT_GT(valid, length == 16 ? 0 : length / 2);
      }
    }
    sampling.sampler.start_stage();
  }
}

TEST(BatchSampler, AStageWithoutRecordsOfItsOwnUsesTheShorterOnes) {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  config.grow_from = 8;
  TrainingData data{
      {"a", "b"},
      {{"a", random_bases(8, 1), 0}, {"b", random_bases(7, 2), 1}, {"c", random_bases(60, 3), 0}}};
  Sampling sampling(data, config);
  for (const std::int64_t valid : sampling.draw(0, 16).tokens.valid) EXPECT_LE(valid, 8);
}

TEST(BatchSampler, AStartShorterThanEveryRecordIsRefused) {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  config.grow_from = 8;
  Sampling sampling(one_record_a_class(2, 50), config);
  EXPECT_HAS(message_of([&] { sampling.draw(0, 8); }), "at most 8 bases");
}

std::string refusal_of(const std::string& sequence, TrainConfig config, ModelConfig model) {
  model.classes = {"a"};
  const TrainingData data{{"a"}, {{"r1", random_bases(50, 1), 0}, {"r2", sequence, 0}}};
  const ModelConfig checked = validated(model);
  return message_of([&] { BatchSampler(data, checked, config); });
}

TEST(BatchSampler, RecordsThatCannotBeTrainedOnAreNamed) {
  ModelConfig model = nucleotide_config({"a"});
  EXPECT_EQ(refusal_of("A", plain_training(), model), "no error");
  EXPECT_EQ(refusal_of("acgtuRYKMSWBDHVN", plain_training(), model), "no error");
  EXPECT_HAS(refusal_of("", plain_training(), model), "record 'r2'");
  EXPECT_HAS(refusal_of("ACG-T", plain_training(), model), "record 'r2', position 4");
  EXPECT_HAS(refusal_of("ACG-T", plain_training(), model), "'-'");
  model.tokens = {TokenKind::kKmer, 6, "agctn"};
  EXPECT_HAS(refusal_of("ACGTA", plain_training(), model), "5 bases, one token takes 6");
}

TEST(BatchSampler, WholeRecordsMustFitAFixedLength) {
  TrainConfig config = plain_training();
  config.crop = CropKind::kNone;
  ModelConfig model = nucleotide_config({"a"});
  EXPECT_EQ(refusal_of(random_bases(65, 2), config, model), "no error");
  model.length = LengthKind::kFixed;
  EXPECT_EQ(refusal_of(random_bases(64, 2), config, model), "no error");
  EXPECT_HAS(refusal_of(random_bases(65, 2), config, model), "record 'r2'");
  EXPECT_HAS(refusal_of(random_bases(65, 2), config, model), "--max-length");
}

TEST(BatchSampler, AClassWithoutRecordsIsNamed) {
  TrainingData data = one_record_a_class(2, 50);
  data.classes.push_back("absent");
  EXPECT_HAS(message_of([&] { Sampling(data, plain_training()); }), "'absent'");
}

TEST(BatchSampler, WindowsShorterThanATokenAreRefused) {
  ModelConfig model = nucleotide_config({"a"});
  model.tokens = {TokenKind::kKmer, 6, "agctn"};
  TrainConfig config = plain_training();
  config.min_window = 5;
  EXPECT_HAS(refusal_of(random_bases(50, 2), config, model), "min_window");
  config.min_window = 6;
  EXPECT_EQ(refusal_of(random_bases(50, 2), config, model), "no error");
  config.grow_from = 5;
  EXPECT_HAS(refusal_of(random_bases(50, 2), config, model), "grow_from");
}

TEST(BatchSampler, NoBatchHasMorePositionsThanWasSaid) {
  for (const CropKind crop : {CropKind::kRandom, CropKind::kNone}) {
    for (const LengthKind length : {LengthKind::kActual, LengthKind::kFixed}) {
      for (const std::int64_t batch_size : {0, 5}) {
        TrainConfig config = plain_training();
        config.crop = crop;
        config.batch_size = batch_size;
        config.batch_bases = 500;
        TrainingData data = one_record_a_class(4, 40);
        ModelConfig model = nucleotide_config(data.classes);
        model.length = length;
        Sampling sampling(data, config, validated(model));
        const std::int64_t said = sampling.sampler.most_positions();
        const std::int64_t drawn = most_drawn(sampling);
        EXPECT_LE(drawn, said);
        EXPECT_GT(2 * drawn, said);
      }
    }
  }
}

}  // namespace
}  // namespace paramixer
