#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

#include "core/kernels/cuda/fused_block.hpp"
#include "core/kernels/cuda/on_chip_block.hpp"
#include "core/kernels/cuda/table_gradient.hpp"
#include "host_block.hpp"
#include "tests/core/kernels/mix/stored_case.hpp"

// What every thread of the CUDA kernels computes, run on the host against the reference: index
// maps, links, tiles, phases. Properties that need a GPU (launches, races, tensor cores) are tested
// in mix_cuda_test.cu.

namespace paramixer {
namespace {

/// All threads of all blocks of a kernel that visits a PositionTile.
template <typename Visit>
void run_tiles(const PositionTile& tile, std::int64_t positions, Visit visit) {
  for (std::int64_t block = 0; block < tile.blocks(positions); ++block) {
    for (std::int32_t thread = 0; thread < PositionTile::kThreads; ++thread) {
      tile.visit(block, thread, positions, visit);
    }
  }
}

template <LinkOwner kOwner, int kChannels, ValuesFrom kFrom = ValuesFrom::kPosition, typename Real>
void run_gather(const CudaFactor<Real>& factor, Real* out) {
  run_tiles(PositionTile(factor.channels / kChannels), factor.links.positions,
            [&](std::int64_t position, std::int64_t item) {
              gather_channels<kOwner, kChannels, kFrom>(factor, position, item * kChannels, out);
            });
}

/// `values` through all factors, with every factor's result in `after` (in the order done).
template <LinkOwner kOwner, int kChannels, typename Real>
std::vector<std::vector<Real>> run_factors(const StoredCase<Real>& tested,
                                           std::vector<Real> values) {
  std::vector<std::vector<Real>> after;
  const std::int64_t factors = tested.data.pattern.factors();
  for (std::int64_t done = 0; done < factors; ++done) {
    const std::int64_t m = kOwner == LinkOwner::kSelf ? done : factors - 1 - done;
    std::vector<Real> out = poisoned<Real>(tested.size());
    run_gather<kOwner, kChannels>(tested.factor(m, values.data()), out.data());
    after.push_back(out);
    values = out;
  }
  return after;
}

template <int kChannels, typename Real>
void check_factors(const StoredCase<Real>& tested) {
  if (tested.data.channels % kChannels != 0 || tested.weights.empty()) return;
  const auto forward = run_factors<LinkOwner::kSelf, kChannels>(tested, tested.input);
  EXPECT_LT(relative_error(forward.back(), tested.output), kTolerance<Real>);
  const auto backward = run_factors<LinkOwner::kNeighbour, kChannels>(tested, tested.grad_output);
  EXPECT_LT(relative_error(backward.back(), tested.grad_input), kTolerance<Real>);
}

/// The gradient of factor m's dense links, or of its table with `splits` blocks per row.
template <int kChannels, typename Real>
std::vector<Real> run_link_gradient(const StoredCase<Real>& tested, std::int64_t m,
                                    const std::vector<Real>& gradient,
                                    const std::vector<Real>& inputs, std::int64_t splits) {
  const CudaFactor<Real> factor = tested.factor(m, gradient.data());
  const std::int64_t entries = tested.data.rows * tested.links();
  std::vector<Real> grad = poisoned<Real>(entries);
  if (tested.data.row_of.empty()) {
    run_tiles(PositionTile(tested.links()), tested.positions(),
              [&](std::int64_t position, std::int64_t item) {
                grad[static_cast<std::size_t>(position * tested.links() + item)] =
                    from_float<Real>(link_gradient<kChannels>(factor, inputs.data(), position,
                                                              static_cast<std::int32_t>(item)));
              });
    return grad;
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(tested.positions()));
  std::iota(order.begin(), order.end(), 0);
  const auto row_of = [&](std::int64_t t) {
    return tested.data.row_of[static_cast<std::size_t>(t)];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return row_of(a) < row_of(b); });
  std::vector<std::int64_t> row_begin(static_cast<std::size_t>(tested.data.rows) + 1, 0);
  for (const std::int64_t t : order) ++row_begin[static_cast<std::size_t>(row_of(t)) + 1];
  std::partial_sum(row_begin.begin(), row_begin.end(), row_begin.begin());
  std::vector<float> partial = poisoned<float>(entries * splits);
  const TableGradientBlock<Real> block{factor,
                                       inputs.data(),
                                       {order.data(), row_begin.data(), tested.data.rows, splits},
                                       partial.data()};
  for (std::int64_t b = 0; b < tested.data.rows * splits; ++b) {
    float sums[TableGradientBlock<Real>::kThreads];
    for (std::int32_t thread = 0; thread < block.kThreads; ++thread) {
      sums[thread] = block.template thread_sum<kChannels>(b, thread);
    }
    for (std::int32_t thread = 0; thread < block.kThreads; ++thread) {
      block.write_sum(b, thread, sums);
    }
  }
  for (std::int64_t entry = 0; entry < entries; ++entry) {
    add_splits(partial.data(), splits, static_cast<std::int32_t>(tested.links()), entry,
               grad.data());
  }
  return grad;
}

template <int kChannels, typename Real>
void check_link_gradients(const StoredCase<Real>& tested, std::int64_t splits) {
  if (tested.data.channels % kChannels != 0 || tested.weights.empty()) return;
  auto inputs = run_factors<LinkOwner::kSelf, 1>(tested, tested.input);
  auto gradients = run_factors<LinkOwner::kNeighbour, 1>(tested, tested.grad_output);
  inputs.insert(inputs.begin(), tested.input);
  gradients.insert(gradients.begin(), tested.grad_output);
  const std::int64_t factors = tested.data.pattern.factors();
  for (std::int64_t m = 0; m < factors; ++m) {
    const auto grad = run_link_gradient<kChannels>(
        tested, m, gradients[static_cast<std::size_t>(factors - 1 - m)],
        inputs[static_cast<std::size_t>(m)], splits);
    EXPECT_LT(relative_error(grad, tested.grad_weights[static_cast<std::size_t>(m)]),
              2 * kTolerance<Real>)
        << m;
  }
}

template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
void check_on_chip(const StoredCase<Real>& tested, bool backwards) {
  using Program = OnChipBlock<kOwner, kWords, kSlots, Real>;
  const MixCaseData<float>& data = tested.data;
  std::int64_t longest = 0;
  for (std::size_t b = 0; b + 1 < data.starts.size(); ++b) {
    longest = std::max(longest, data.starts[b + 1] - data.starts[b]);
  }
  if (data.row_of.empty() || data.channels % Program::kChannels != 0) return;
  if (tested.weights.empty()) return;
  ASSERT_LE(longest, Program::kMaxLength);
  std::vector<Real> output = poisoned<Real>(tested.size());
  std::vector<Real> states = poisoned<Real>((data.pattern.factors() - 1) * tested.size());
  OnChipMix<Real> mix{};
  mix.links = tested.links_of(0);
  mix.channels = data.channels;
  mix.rows = data.rows;
  mix.factors = static_cast<std::int32_t>(data.pattern.factors());
  mix.row_of = data.row_of.data();
  mix.input = kOwner == LinkOwner::kSelf ? tested.input.data() : tested.grad_output.data();
  mix.output = output.data();
  mix.states = states.data();
  for (std::size_t m = 0; m < tested.weights.size(); ++m) mix.weights[m] = tested.weights[m].data();
  const Program program{mix, longest};
  const std::int64_t blocks = mix.links.sequences * (data.channels / Program::kChannels);
  for (std::int64_t b = 0; b < blocks; ++b) {
    HostBlock<typename Program::Thread> block(
        Program::kThreads, Program::shared_bytes(longest, tested.links(), data.rows), backwards);
    program.run(b, block);
  }
  const bool forward = kOwner == LinkOwner::kSelf;
  EXPECT_LT(relative_error(output, forward ? tested.output : tested.grad_input), kTolerance<Real>);
  if (forward) {
    EXPECT_LT(relative_error(states, tested.states), kTolerance<Real>);
    return;
  }
  // The states of the backward pass are what the kernels of one factor give, in their order.
  const auto after = run_factors<LinkOwner::kNeighbour, 1>(tested, tested.grad_output);
  for (std::int32_t m = 1; m < mix.factors; ++m) {
    const std::vector<Real> state(states.begin() + (m - 1) * tested.size(),
                                  states.begin() + m * tested.size());
    const auto& expected = after[static_cast<std::size_t>(mix.factors - 1 - m)];
    EXPECT_LT(relative_error(state, widened(expected)), kTolerance<Real>) << m;
  }
}

/// Values looked up by row, as one factor's kernel and the on-chip one do it.
TEST(ValuesByRow, AreThoseOfTheRow) {
  StoredCase<float> tested({"", Protocol::kChord, Boundary::kRing, 1, {130, 1, 7}, 4, 5});
  const std::vector<float> per_row(tested.input.begin(), tested.input.begin() + 5 * 4);
  for (std::size_t t = 0; t < tested.data.row_of.size(); ++t) {
    std::copy_n(per_row.begin() + tested.data.row_of[t] * 4, 4, tested.input.begin() + 4 * t);
  }
  CudaFactor<float> factor = tested.factor(0, tested.input.data());
  std::vector<float> expected(tested.input.size());
  run_gather<LinkOwner::kSelf, 4>(factor, expected.data());
  factor.values = per_row.data();
  factor.value_row = tested.data.row_of.data();
  std::vector<float> actual(tested.input.size());
  run_gather<LinkOwner::kSelf, 4, ValuesFrom::kRow>(factor, actual.data());
  EXPECT_EQ(actual, expected);
  factor.links.links = 0;  // Then the rows are copied.
  run_gather<LinkOwner::kSelf, 4, ValuesFrom::kRow>(factor, actual.data());
  EXPECT_EQ(actual, tested.input);

  using Program = OnChipBlock<LinkOwner::kSelf, 4, 8, float>;
  OnChipMix<float> mix{};
  mix.links = tested.links_of(0);
  mix.channels = 4;
  mix.rows = 5;
  mix.factors = 1;
  mix.row_of = mix.input_row = tested.data.row_of.data();
  mix.input = per_row.data();
  mix.output = actual.data();
  mix.weights[0] = tested.weights[0].data();
  for (std::int64_t b = 0; b < mix.links.sequences; ++b) {
    HostBlock<Program::Thread> block(Program::kThreads,
                                     Program::shared_bytes(130, tested.links(), 5), false);
    Program{mix, 130}.run(b, block);
  }
  EXPECT_LT(relative_error(actual, widened(expected)), 1e-6);
}

class CudaThreadsTest : public testing::TestWithParam<MixCase> {};

TEST_P(CudaThreadsTest, FactorKernelsAgreeWithTheReferenceInFloat) {
  const StoredCase<float> tested(GetParam());
  check_factors<kWideChannels<float>>(tested);
  check_factors<1>(tested);
}

TEST_P(CudaThreadsTest, FactorKernelsAgreeWithTheReferenceInBfloat16) {
  const StoredCase<Bfloat16> tested(GetParam());
  check_factors<kWideChannels<Bfloat16>>(tested);
  check_factors<1>(tested);
}

TEST_P(CudaThreadsTest, LinkGradientsAgreeWithTheReferenceInFloat) {
  const StoredCase<float> tested(GetParam());
  check_link_gradients<kWideChannels<float>>(tested, 1);
  check_link_gradients<1>(tested, 3);
}

TEST_P(CudaThreadsTest, LinkGradientsAgreeWithTheReferenceInBfloat16) {
  const StoredCase<Bfloat16> tested(GetParam());
  check_link_gradients<kWideChannels<Bfloat16>>(tested, 2);
  check_link_gradients<1>(tested, 1);
}

TEST_P(CudaThreadsTest, OnChipForwardAgreesWithTheReference) {
  const StoredCase<float> in_float(GetParam());
  const StoredCase<Bfloat16> in_bfloat16(GetParam());
  check_on_chip<LinkOwner::kSelf, 4, 8>(in_float, false);
  check_on_chip<LinkOwner::kSelf, 2, 16>(in_float, true);
  check_on_chip<LinkOwner::kSelf, 4, 8>(in_bfloat16, true);
  check_on_chip<LinkOwner::kSelf, 2, 16>(in_bfloat16, false);
}

TEST_P(CudaThreadsTest, OnChipBackwardAgreesWithTheReference) {
  const StoredCase<float> in_float(GetParam());
  const StoredCase<Bfloat16> in_bfloat16(GetParam());
  check_on_chip<LinkOwner::kNeighbour, 4, 8>(in_float, true);
  check_on_chip<LinkOwner::kNeighbour, 2, 16>(in_float, false);
  check_on_chip<LinkOwner::kNeighbour, 4, 8>(in_bfloat16, false);
  check_on_chip<LinkOwner::kNeighbour, 2, 16>(in_bfloat16, true);
}

INSTANTIATE_TEST_SUITE_P(Cases, CudaThreadsTest, testing::ValuesIn(stored_cases()),
                         [](const auto& row) { return name_of(row.param); });

template <LinkUse kUse, int kLinkTiles, typename Real>
void run_fused(const FusedFactor<Real>& fused, Real* out, bool backwards) {
  using Program = FusedBlock<kUse, kLinkTiles, Real>;
  const Program program{fused, out};
  const std::int64_t positions = fused.factor.links.positions;
  for (std::int64_t b = 0; b * Program::kPositions < positions; ++b) {
    HostBlock<typename Program::Thread> block(Program::kThreads, program.shared_bytes(), backwards);
    program.run(b, block);
  }
}

/// Links and values of every factor of `mix_case`.
template <int kLinkTiles, typename Real>
void check_fused(const MixCase& mix_case, std::int64_t inputs, std::int64_t hidden) {
  const FusedCase<Real> cased(mix_case, inputs, hidden);
  const StoredCase<Real>& tested = cased.tested;
  std::vector<Real> values = tested.input;
  for (std::size_t m = 0; m < cased.networks.size(); ++m) {
    const NetworkCase<Real>& network = cased.networks[m];
    const FusedFactor<Real> fused{{tested.links_of(static_cast<std::int64_t>(m)),
                                   tested.data.channels, nullptr, nullptr, values.data()},
                                  network.network(),
                                  network.rows.data(),
                                  static_cast<std::int32_t>(inputs),
                                  static_cast<std::int32_t>(hidden)};
    std::vector<Real> links = poisoned<Real>(tested.positions() * tested.links());
    run_fused<LinkUse::kWrite, kLinkTiles>(fused, links.data(), true);
    EXPECT_LT(relative_error(links, network.links), kLinkTolerance<Real>) << m;
    std::vector<Real> out = poisoned<Real>(tested.size());
    run_fused<LinkUse::kApply, kLinkTiles>(fused, out.data(), false);
    EXPECT_LT(relative_error(out, cased.after[m]), kFusedTolerance<Real>) << m;
    values = out;
  }
}

class CudaFusedThreadsTest : public testing::TestWithParam<MixCase> {};

TEST_P(CudaFusedThreadsTest, AgreeWithLinksComputedByPlainLoops) {
  const MixCase& mix_case = GetParam();
  check_fused<4, float>(mix_case, 32, 128);
  check_fused<4, Bfloat16>(mix_case, 32, 128);
  check_fused<4, float>(mix_case, 13, 7);
  check_fused<4, Bfloat16>(mix_case, 17, 33);
  check_fused<4, float>(mix_case, 1, 1);
}

INSTANTIATE_TEST_SUITE_P(Cases, CudaFusedThreadsTest, testing::ValuesIn(fused_cases()),
                         [](const auto& row) { return name_of(row.param); });

TEST(CudaFusedThreads, ManyTilesAndPasses) {
  const MixCase mix_case{"", Protocol::kDilated, Boundary::kRing, 5, {700, 1, 600}, 16, 0};
  check_fused<2, float>(mix_case, 32, 64);
  check_fused<2, Bfloat16>(mix_case, 32, 64);
}

TEST(LinkIndex, StepsAgreeWithTheDefinitionForHugeOffsetsToo) {
  for (const Boundary boundary : {Boundary::kRing, Boundary::kLinear}) {
    for (const std::int32_t length : {1, 2, 3, 7, 64, 1 << 30}) {
      for (const std::int64_t offset :
           {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{5}, std::int64_t{64},
            std::int64_t{-63}, std::int64_t{1} << 30, -(std::int64_t{1} << 30),
            (std::int64_t{1} << 30) - 1, std::int64_t{1} << 61, -(std::int64_t{1} << 61)}) {
        for (const std::int32_t i : {0, length / 2, length - 1}) {
          EXPECT_EQ(step_from(i, step_within(offset, length, boundary), length, boundary),
                    link_target(i, offset, length, boundary))
              << length << " " << offset << " " << i;
        }
      }
    }
  }
}

TEST(LinkIndex, FindsTheSequenceOfAPositionAmongEmptyOnes) {
  const std::vector<std::int64_t> starts{
      0, 0, 3, 3, 3, 4, std::int64_t{1} << 33, std::int64_t{1} << 33};
  const auto sequences = static_cast<std::int64_t>(starts.size()) - 1;
  const auto start_of = [&](std::int64_t position) {
    return find_sequence(starts.data(), sequences, position).start;
  };
  EXPECT_EQ(start_of(0), 0);
  EXPECT_EQ(start_of(2), 0);
  EXPECT_EQ(start_of(3), 3);
  EXPECT_EQ(find_sequence(starts.data(), sequences, 3).length, 1);
  EXPECT_EQ(start_of(4), 4);
  EXPECT_EQ(start_of((std::int64_t{1} << 33) - 1), 4);
}

TEST(Bfloat16, RoundsToNearestEvenAndKeepsNaN) {
  const auto round_trip = [](float value) { return to_float(from_float<Bfloat16>(value)); };
  EXPECT_EQ(round_trip(1.0F), 1.0F);
  EXPECT_EQ(round_trip(-0.15625F), -0.15625F);
  EXPECT_EQ(round_trip(float_of_bits(0x3f808000U)), float_of_bits(0x3f800000U));  // Tie to even.
  EXPECT_EQ(round_trip(float_of_bits(0x3f818000U)), float_of_bits(0x3f820000U));
  EXPECT_EQ(round_trip(float_of_bits(0x3f808001U)), float_of_bits(0x3f810000U));
  EXPECT_TRUE(std::isnan(round_trip(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(std::isinf(round_trip(std::numeric_limits<float>::max())));
}

}  // namespace
}  // namespace paramixer
