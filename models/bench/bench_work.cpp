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

/// Sizes of a work as the costs multiply them.
struct Sizes {
  explicit Sizes(const BenchWork& work)
      : positions(static_cast<double>(work.length) * static_cast<double>(work.batch)),
        factors(static_cast<double>(work.config.resolved_factors() * work.config.blocks)),
        links(static_cast<double>(work.config.link_pattern().links())),
        embedding(static_cast<double>(work.config.embedding)),
        hidden(static_cast<double>(work.config.hidden)),
        // Backward, every product turns into two.
        passes(work.pass == BenchPass::kTraining ? 3.0 : 1.0) {}

  double mixing_flops() const { return passes * 2.0 * positions * factors * links * embedding; }
  double network_flops() const {
    const double networks = factors * hidden * (embedding + links) + 2.0 * hidden * embedding;
    return passes * 2.0 * positions * networks;
  }

  double positions;
  double factors;
  double links;
  double embedding;
  double hidden;
  double passes;
};

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
    const bool forward = work.pass == BenchPass::kForward;
    work.name = "gpu-" + work.name;
    work.batch = forward ? 256 : 8 * work.batch;
    work.storage = forward ? ValueStorage::kBfloat16 : ValueStorage::kFloat32;
  }
  BenchWork in_float32 = works.front();
  in_float32.name += "-float32";
  in_float32.storage = ValueStorage::kFloat32;
  works.push_back(in_float32);
  return works;
}

BenchCost bench_cost(const BenchWork& work) {
  const Sizes sizes(work);
  BenchCost cost;
  const BenchDemand demand = bench_demand(work);
  cost.flops = demand.mixing_flops + demand.network_flops;
  cost.bytes =
      sizes.passes * 4.0 * sizes.positions * sizes.factors * (2.0 * sizes.embedding + sizes.links);
  return cost;
}

BenchDemand bench_demand(const BenchWork& work) {
  const Sizes sizes(work);
  const double real = work.storage == ValueStorage::kBfloat16 ? 2.0 : 4.0;
  const double values = real * sizes.passes * sizes.positions * sizes.embedding;
  BenchDemand demand;
  demand.mixing_flops = sizes.mixing_flops();
  demand.bytes = 2.0 * values;
  demand.gathered_bytes = values * sizes.factors * sizes.links;
  if (!folded(work)) {
    demand.network_flops = sizes.network_flops();
    demand.activations = sizes.passes * sizes.positions * (sizes.factors + 1.0) * sizes.hidden;
    demand.bytes += values;
  } else if (work.config.position != PositionKind::kNone) {
    const auto rows = static_cast<double>(work.length * work.config.vocabulary);
    demand.bytes += real * rows * sizes.factors * sizes.links;
  }
  return demand;
}

}  // namespace paramixer
