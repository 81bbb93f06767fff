#include "models/bench/model_bench.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kLength = 50;

BenchWork small_work(ModelConfig config, BenchPass pass, BenchTables tables) {
  return {"small", std::move(config), kLength, 3, pass, tables};
}

ModelConfig small_kmer_config() {
  ModelConfig config;
  config.tokens = TokenScheme{TokenKind::kKmer, 2, "acgt"};
  config.max_length = kLength;
  config.embedding = 8;
  config.hidden = 16;
  config.blocks = 2;
  config.classes = {"a", "b", "c"};
  return validated(config);
}

void expect_all_agree(const BenchWork& work) {
  ModelBench bench(work, "cpu");
  for (const BenchSubject subject :
       {BenchSubject::kSpmm, BenchSubject::kGather, BenchSubject::kRolls}) {
    const double difference = bench.disagreement(subject);
    EXPECT_LT(difference, 1e-4) << static_cast<int>(subject);
    EXPECT_GT(difference, 0.0) << "both sides ran the same code";
    EXPECT_NO_THROW(bench.run(subject));
  }
  EXPECT_NO_THROW(bench.run(BenchSubject::kOurs));
}

TEST(ModelBench, EagerFormulationsAgreeWithTheKernelsOnAPublishedModel) {
  for (const PositionKind position : {PositionKind::kNone, PositionKind::kLearned}) {
    const ModelConfig config = genome_bench_config(kLength, position, Pooling::kFlatten);
    expect_all_agree(small_work(config, BenchPass::kForward, BenchTables::kFrozen));
    expect_all_agree(small_work(config, BenchPass::kForward, BenchTables::kNone));
    expect_all_agree(small_work(config, BenchPass::kTraining, BenchTables::kNone));
  }
}

TEST(ModelBench, EagerFormulationsAgreeWithTheKernelsOnResidualBlocks) {
  expect_all_agree(small_work(small_kmer_config(), BenchPass::kForward, BenchTables::kFrozen));
  expect_all_agree(small_work(small_kmer_config(), BenchPass::kTraining, BenchTables::kNone));
}

TEST(ModelBench, RefusesAModelThatTheEagerFormulationsDoNotHave) {
  ModelConfig config = small_kmer_config();
  config.boundary = Boundary::kLinear;
  ModelBench bench(small_work(config, BenchPass::kForward, BenchTables::kFrozen), "cpu");
  EXPECT_THROW(bench.run(BenchSubject::kRolls), Error);
}

TEST(BenchCost, CountsTheLinksOfAFoldedModelAndTheNetworksOfAnother) {
  BenchWork work = bench_works().front();
  work.batch = 1;
  const double folded = bench_cost(work).flops;
  EXPECT_EQ(folded, 2.0 * 16384 * 14 * 15 * 32);
  work.config.position = PositionKind::kLearned;
  work.tables = BenchTables::kNone;
  EXPECT_EQ(bench_cost(work).flops,
            folded + 2.0 * 16384 * (14.0 * 128 * (32 + 15) + 2.0 * 128 * 32));
}

}  // namespace
}  // namespace paramixer
