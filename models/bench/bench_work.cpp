#include "models/bench/bench_work.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kGenomeLength = 16384;

ModelConfig kmer_bench_config() {
  ModelConfig config;
  config.tokens = TokenScheme{TokenKind::kKmer, 6, "acgt"};
  config.max_length = 2048;
  for (int c = 0; c < 32; ++c) config.classes.push_back("class_" + std::to_string(c));
  return validated(config);
}

/// Whether links and first values are looked up by token.
bool folded(const BenchWork& work) {
  const bool position_free = work.config.position == PositionKind::kNone;
  if (work.pass == BenchPass::kTraining) {
    return position_free && work.config.embedding_dropout == 0.0;
  }
  return position_free || work.tables == BenchTables::kFrozen;
}

}  // namespace

ModelConfig genome_bench_config(std::int64_t length, PositionKind position, Pooling pooling) {
  ModelConfig config = published_genome_config(length, {"first", "second"});
  config.position = position;
  config.pooling = pooling;
  return validated(config);
}

std::vector<BenchWork> bench_works() {
  const ModelConfig folded =
      genome_bench_config(kGenomeLength, PositionKind::kNone, Pooling::kFlatten);
  const ModelConfig learned =
      genome_bench_config(kGenomeLength, PositionKind::kLearned, Pooling::kFlatten);
  return {
      {"genome-folded-forward", folded, kGenomeLength, 4, BenchPass::kForward,
       BenchTables::kFrozen},
      {"genome-apc-forward", learned, kGenomeLength, 8, BenchPass::kForward, BenchTables::kFrozen},
      {"fused-forward", learned, kGenomeLength, 2, BenchPass::kForward, BenchTables::kNone},
      {"kmer-train", kmer_bench_config(), 2048, 16, BenchPass::kTraining, BenchTables::kNone},
      {"genome-apc-train", learned, kGenomeLength, 1, BenchPass::kTraining, BenchTables::kNone},
  };
}

std::vector<BenchWork> gpu_bench_works() {
  std::vector<BenchWork> works = bench_works();
  for (BenchWork& work : works) {
    work.name = "gpu-" + work.name;
    work.batch = work.pass == BenchPass::kForward ? 64 : 8 * work.batch;
  }
  return works;
}

BenchCost bench_cost(const BenchWork& work) {
  const ModelConfig& config = work.config;
  const double positions = static_cast<double>(work.length) * static_cast<double>(work.batch);
  const auto factors = static_cast<double>(config.resolved_factors() * config.blocks);
  const auto links = static_cast<double>(config.link_pattern().links());
  const auto embedding = static_cast<double>(config.embedding);
  const auto hidden = static_cast<double>(config.hidden);
  BenchCost cost;
  cost.flops = 2.0 * positions * factors * links * embedding;
  cost.bytes = 4.0 * positions * factors * (2.0 * embedding + links);
  if (!folded(work)) {
    const double networks = factors * hidden * (embedding + links) + 2.0 * hidden * embedding;
    cost.flops += 2.0 * positions * networks;
  }
  if (work.pass == BenchPass::kTraining) {
    // Backward, every product turns into two.
    cost.flops *= 3.0;
    cost.bytes *= 3.0;
  }
  return cost;
}

}  // namespace paramixer
