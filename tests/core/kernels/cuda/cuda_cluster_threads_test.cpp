#include <gtest/gtest.h>

#include "core/kernels/cuda/fused_cluster.hpp"
#include "host_cluster.hpp"
#include "tests/core/kernels/mix/stored_case.hpp"

// What every thread of the fused on-chip kernel computes, run on the host against plain loops:
// layouts of the tensor-core operands, staging, reads from other blocks, ends of sequences.

namespace paramixer {
namespace {

struct ClusterResult {
  std::vector<Bfloat16> output;
  std::vector<Bfloat16> states;
};

template <int kVectors, int kTiles>
ClusterResult run_clusters(const FusedCase<Bfloat16>& fused, bool backwards) {
  using Program = FusedCluster<kVectors, kTiles>;
  const StoredCase<Bfloat16>& tested = fused.tested;
  const auto factors = static_cast<std::int64_t>(fused.networks.size());
  ClusterResult result{poisoned<Bfloat16>(tested.size()),
                       poisoned<Bfloat16>((factors - 1) * tested.size())};
  FusedClusterMix mix{};
  mix.links = tested.links_of(0);
  mix.rows = fused.networks.front().rows.data();
  mix.input = tested.input.data();
  mix.output = result.output.data();
  mix.states = result.states.data();
  mix.inputs = static_cast<std::int32_t>(fused.shape.inputs);
  mix.hidden = static_cast<std::int32_t>(fused.shape.hidden);
  mix.factors = static_cast<std::int32_t>(factors);
  std::int64_t longest = 1;
  for (std::size_t m = 0; m < fused.networks.size(); ++m) {
    mix.networks[m] = fused.networks[m].network();
  }
  for (std::size_t b = 0; b + 1 < tested.data.starts.size(); ++b) {
    longest = std::max(longest, tested.data.starts[b + 1] - tested.data.starts[b]);
  }
  EXPECT_LE(longest, Program::kMaxLength);
  const Program program{mix};
  const std::int64_t blocks = (longest + Program::kPositions - 1) / Program::kPositions;
  for (std::int64_t number = 0; number < mix.links.sequences; ++number) {
    HostCluster<typename Program::Thread> cluster(
        static_cast<std::int32_t>(blocks), Program::kThreads, program.shared_bytes(), backwards);
    program.run(number, cluster);
  }
  return result;
}

template <int kVectors, int kTiles>
void check_clusters(const FusedCase<Bfloat16>& fused, bool backwards) {
  const ClusterResult result = run_clusters<kVectors, kTiles>(fused, backwards);
  EXPECT_LT(relative_error(result.output, fused.after.back()), kFusedTolerance<Bfloat16>);
  const std::int64_t size = fused.tested.size();
  for (std::int64_t m = 0; m + 1 < static_cast<std::int64_t>(fused.after.size()); ++m) {
    const std::vector<Bfloat16> state(result.states.begin() + m * size,
                                      result.states.begin() + (m + 1) * size);
    EXPECT_LT(relative_error(state, fused.after[static_cast<std::size_t>(m)]),
              kFusedTolerance<Bfloat16>)
        << m;
  }
}

constexpr auto kChord = Protocol::kChord;
constexpr auto kDilated = Protocol::kDilated;
constexpr auto kRing = Boundary::kRing;
constexpr auto kLinear = Boundary::kLinear;

TEST(FusedCluster, OneBlockASequence) {
  const FusedCase<Bfloat16> fused({"", kChord, kRing, 6, {64, 1, 0, 33, 255}, 32, 0}, 32, 128);
  check_clusters<4, 1>(fused, false);
  check_clusters<4, 8>(fused, true);
}

TEST(FusedCluster, BlocksReadEachOthersPositions) {
  check_clusters<4, 1>(FusedCase<Bfloat16>({"", kChord, kRing, 11, {2048, 700, 1}, 32, 0}, 32, 48),
                       true);
  check_clusters<4, 1>(FusedCase<Bfloat16>({"", kChord, kLinear, 5, {513, 2047}, 32, 0}, 32, 48),
                       false);
  check_clusters<4, 1>(FusedCase<Bfloat16>({"", kDilated, kRing, 7, {1000, 300}, 32, 0}, 32, 48),
                       true);
  check_clusters<4, 1>(FusedCase<Bfloat16>({"", kDilated, kLinear, 9, {1537}, 32, 0}, 32, 48),
                       false);
}

TEST(FusedCluster, AShapeOfTheDeviceWithSeveralBlocks) {
  check_clusters<4, 8>(FusedCase<Bfloat16>({"", kChord, kRing, 3, {4500}, 32, 0}, 32, 32), false);
  check_clusters<8, 4>(FusedCase<Bfloat16>({"", kChord, kRing, 3, {1800, 77}, 64, 0}, 64, 32),
                       true);
}

TEST(FusedCluster, NetworksThatDoNotFillTheTiles) {
  const MixCase mix_case{"", kChord, kRing, 4, {300, 17}, 32, 0};
  check_clusters<4, 1>(FusedCase<Bfloat16>(mix_case, 8, 5), false);
  check_clusters<4, 1>(FusedCase<Bfloat16>(mix_case, 24, 33), true);
  check_clusters<8, 1>(FusedCase<Bfloat16>({"", kDilated, kRing, 3, {300}, 64, 0}, 40, 17), true);
}

TEST(FusedCluster, SixteenLinksAreTheMost) {
  check_clusters<4, 1>(FusedCase<Bfloat16>({"", kChord, kRing, 15, {260}, 32, 0}, 32, 16), false);
}

TEST(GeluForBfloat16, IsCloserThanBfloat16Rounds) {
  double largest = 0.0;
  for (int n = -4000; n <= 4000; ++n) {
    const float x = 0.0025F * static_cast<float>(n);
    largest = std::max(largest, std::abs(0.5 * static_cast<double>(twice_gelu(x)) - gelu(x)));
  }
  EXPECT_LT(largest, 3e-4);
  EXPECT_EQ(twice_gelu(0.0F), 0.0F);
  EXPECT_EQ(twice_gelu(100.0F), 200.0F);
  EXPECT_EQ(twice_gelu(-100.0F), 0.0F);
}

}  // namespace
}  // namespace paramixer
