#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>

#include "core/base/random.hpp"
#include "core/kernels/cuda/fused_block.hpp"
#include "core/kernels/cuda/on_chip_block.hpp"
#include "core/kernels/cuda/table_gradient.hpp"
#include "core/kernels/mix_reference.hpp"
#include "host_block.hpp"
#include "mix_cases.hpp"

// What every thread of the CUDA kernels computes, run on the host against the reference: index
// maps, links, tiles, phases. What a GPU alone can show (launches, races, tensor cores) is in
// mix_cuda_test.cpp.

namespace paramixer {
namespace {

/// The cases of the table, and sequences of more positions than a block has threads.
const std::vector<MixCase>& thread_cases() {
  static const std::vector<MixCase> kCases = [] {
    std::vector<MixCase> cases = mix_cases();
    cases.push_back(
        {"many_slots_folded", Protocol::kChord, Boundary::kRing, 12, {2600, 513}, 8, 6});
    cases.push_back({"many_slots_dense", Protocol::kDilated, Boundary::kLinear, 9, {3000}, 8, 0});
    cases.push_back({"many_slots_ragged", Protocol::kChord, Boundary::kLinear, 3, {8192, 1}, 8, 4});
    return cases;
  }();
  return kCases;
}

template <typename Real>
std::vector<Real> stored(const std::vector<float>& values) {
  std::vector<Real> result;
  for (const float value : values) result.push_back(from_float<Real>(value));
  return result;
}

template <typename Real>
std::vector<double> widened(const std::vector<Real>& values) {
  std::vector<double> result;
  for (const Real value : values) result.push_back(to_float(value));
  return result;
}

template <typename Real>
std::vector<Real> poisoned(std::int64_t count) {
  return std::vector<Real>(static_cast<std::size_t>(count),
                           from_float<Real>(std::numeric_limits<float>::quiet_NaN()));
}

/// ||actual - expected|| / ||scale||; NaN anywhere gives NaN, which fails every comparison.
template <typename Real>
double error_against(const std::vector<Real>& actual, const std::vector<double>& expected,
                     const std::vector<double>& scale) {
  EXPECT_EQ(actual.size(), expected.size());
  double difference = 0.0;
  double norm = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double d = static_cast<double>(to_float(actual[i])) - expected[i];
    difference += d * d;
  }
  for (const double value : scale) norm += value * value;
  return norm == 0.0 ? difference : std::sqrt(difference / norm);
}

template <typename Real>
double relative_error(const std::vector<Real>& actual, const std::vector<double>& expected) {
  return error_against(actual, expected, expected);
}

/// A case as the kernels get it, and the reference's results on exactly the stored numbers.
template <typename Real>
struct ThreadCase {
  explicit ThreadCase(const MixCase& mix_case) : data(mix_case, 3), exact(mix_case, 3) {
    input = stored<Real>(data.input);
    grad_output = stored<Real>(data.grad_output);
    exact.input = widened(input);
    exact.grad_output = widened(grad_output);
    for (std::size_t m = 0; m < data.weights.size(); ++m) {
      weights.push_back(stored<Real>(data.weights[m]));
      exact.weights[m] = widened(weights[m]);
      exact.weight_pointers[m] = exact.weights[m].data();
      grad_weights.emplace_back(exact.weights[m].size());
      grad_pointers.push_back(grad_weights.back().data());
    }
    output.resize(exact.input.size());
    states.resize(exact.input.size() *
                  static_cast<std::size_t>(std::max<std::int64_t>(0, data.pattern.factors() - 1)));
    grad_input.resize(exact.input.size());
    mix_forward_reference<double>(exact.problem(),
                                  {exact.input.data(), output.data(), states.data()});
    mix_backward_reference<double>(exact.problem(),
                                   {exact.input.data(), states.data(), exact.grad_output.data(),
                                    grad_input.data(), grad_pointers});
  }

  std::int64_t positions() const { return data.starts.back(); }
  std::int64_t links() const { return data.pattern.links(); }
  std::int64_t size() const { return positions() * data.channels; }

  CudaLinks links_of(std::int64_t m) const {
    return {data.starts.data(),
            data.pattern.offsets().data() + m * links(),
            static_cast<std::int64_t>(data.starts.size()) - 1,
            positions(),
            static_cast<std::int32_t>(links()),
            data.boundary};
  }

  CudaFactor<Real> factor(std::int64_t m, const Real* values) const {
    return {links_of(m), data.channels, weights[static_cast<std::size_t>(m)].data(),
            data.row_of.empty() ? nullptr : data.row_of.data(), values};
  }

  MixCaseData<float> data;
  MixCaseData<double> exact;
  std::vector<Real> input;
  std::vector<Real> grad_output;
  std::vector<std::vector<Real>> weights;
  std::vector<double> output;
  std::vector<double> states;
  std::vector<double> grad_input;
  std::vector<std::vector<double>> grad_weights;
  std::vector<double*> grad_pointers;
};

/// Every storage rounds its results; bfloat16 also what lies between factors.
template <typename Real>
constexpr double kTolerance = sizeof(Real) == 4 ? 2e-6 : 1.5e-2;

/// All threads of all blocks of a kernel that visits a PositionTile.
template <typename Visit>
void run_tiles(const PositionTile& tile, std::int64_t positions, Visit visit) {
  for (std::int64_t block = 0; block < tile.blocks(positions); ++block) {
    for (std::int32_t thread = 0; thread < PositionTile::kThreads; ++thread) {
      tile.visit(block, thread, positions, visit);
    }
  }
}

template <LinkOwner kOwner, int kChannels, typename Real>
void run_gather(const CudaFactor<Real>& factor, Real* out) {
  run_tiles(PositionTile(factor.channels / kChannels), factor.links.positions,
            [&](std::int64_t position, std::int64_t item) {
              gather_channels<kOwner, kChannels>(factor, position, item * kChannels, out);
            });
}

/// `values` through all factors, with every factor's result in `after` (in the order done).
template <LinkOwner kOwner, int kChannels, typename Real>
std::vector<std::vector<Real>> run_factors(const ThreadCase<Real>& tested,
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
void check_factors(const ThreadCase<Real>& tested) {
  if (tested.data.channels % kChannels != 0 || tested.weights.empty()) return;
  const auto forward = run_factors<LinkOwner::kSelf, kChannels>(tested, tested.input);
  EXPECT_LT(relative_error(forward.back(), tested.output), kTolerance<Real>);
  const auto backward = run_factors<LinkOwner::kNeighbour, kChannels>(tested, tested.grad_output);
  EXPECT_LT(relative_error(backward.back(), tested.grad_input), kTolerance<Real>);
}

/// The gradient of factor m's dense links, or of its table with `splits` blocks a row.
template <int kChannels, typename Real>
std::vector<Real> run_link_gradient(const ThreadCase<Real>& tested, std::int64_t m,
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
void check_link_gradients(const ThreadCase<Real>& tested, std::int64_t splits) {
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
void check_on_chip(const ThreadCase<Real>& tested, bool table_on_chip, bool backwards) {
  using Program = OnChipBlock<kOwner, kWords, kSlots, Real>;
  const MixCaseData<float>& data = tested.data;
  std::int64_t longest = 0;
  for (std::size_t b = 0; b + 1 < data.starts.size(); ++b) {
    longest = std::max(longest, data.starts[b + 1] - data.starts[b]);
  }
  if (data.channels % Program::kChannels != 0 || tested.weights.empty()) return;
  ASSERT_LE(longest, Program::kMaxLength);
  std::vector<Real> output = poisoned<Real>(tested.size());
  std::vector<Real> states = poisoned<Real>((data.pattern.factors() - 1) * tested.size());
  OnChipMix<Real> mix{};
  mix.links = tested.links_of(0);
  mix.channels = data.channels;
  mix.rows = data.rows;
  mix.factors = static_cast<std::int32_t>(data.pattern.factors());
  mix.row_of = data.row_of.empty() ? nullptr : data.row_of.data();
  mix.input = kOwner == LinkOwner::kSelf ? tested.input.data() : tested.grad_output.data();
  mix.output = output.data();
  mix.states = states.data();
  mix.table_on_chip = table_on_chip && !data.row_of.empty();
  for (std::size_t m = 0; m < tested.weights.size(); ++m) mix.weights[m] = tested.weights[m].data();
  const Program program{mix, longest};
  const std::int64_t table =
      mix.table_on_chip ? Program::table_floats(data.rows, tested.links()) : 0;
  const std::int64_t blocks = mix.links.sequences * (data.channels / Program::kChannels);
  for (std::int64_t b = 0; b < blocks; ++b) {
    HostBlock<typename Program::Thread> block(
        Program::kThreads, Program::shared_bytes(longest, tested.links(), table), backwards);
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

class CudaThreadsTest : public testing::TestWithParam<MixCase> {};

TEST_P(CudaThreadsTest, FactorKernelsAgreeWithTheReferenceInFloat) {
  const ThreadCase<float> tested(GetParam());
  check_factors<kWideChannels<float>>(tested);
  check_factors<1>(tested);
}

TEST_P(CudaThreadsTest, FactorKernelsAgreeWithTheReferenceInBfloat16) {
  const ThreadCase<Bfloat16> tested(GetParam());
  check_factors<kWideChannels<Bfloat16>>(tested);
  check_factors<1>(tested);
}

TEST_P(CudaThreadsTest, LinkGradientsAgreeWithTheReferenceInFloat) {
  const ThreadCase<float> tested(GetParam());
  check_link_gradients<kWideChannels<float>>(tested, 1);
  check_link_gradients<1>(tested, 3);
}

TEST_P(CudaThreadsTest, LinkGradientsAgreeWithTheReferenceInBfloat16) {
  const ThreadCase<Bfloat16> tested(GetParam());
  check_link_gradients<kWideChannels<Bfloat16>>(tested, 2);
  check_link_gradients<1>(tested, 1);
}

TEST_P(CudaThreadsTest, OnChipForwardAgreesWithTheReference) {
  const ThreadCase<float> in_float(GetParam());
  const ThreadCase<Bfloat16> in_bfloat16(GetParam());
  check_on_chip<LinkOwner::kSelf, 4, 16>(in_float, true, false);
  check_on_chip<LinkOwner::kSelf, 2, 32>(in_float, false, true);
  check_on_chip<LinkOwner::kSelf, 4, 16>(in_bfloat16, false, true);
  check_on_chip<LinkOwner::kSelf, 2, 32>(in_bfloat16, true, false);
}

TEST_P(CudaThreadsTest, OnChipBackwardAgreesWithTheReference) {
  const ThreadCase<float> in_float(GetParam());
  const ThreadCase<Bfloat16> in_bfloat16(GetParam());
  check_on_chip<LinkOwner::kNeighbour, 4, 16>(in_float, false, true);
  check_on_chip<LinkOwner::kNeighbour, 2, 32>(in_float, true, false);
  check_on_chip<LinkOwner::kNeighbour, 4, 16>(in_bfloat16, true, false);
  check_on_chip<LinkOwner::kNeighbour, 2, 32>(in_bfloat16, false, true);
}

INSTANTIATE_TEST_SUITE_P(Cases, CudaThreadsTest, testing::ValuesIn(thread_cases()),
                         [](const auto& row) { return name_of(row.param); });

/// A link network and rows with odd sizes, and the links that plain loops give.
template <typename Real>
struct NetworkCase {
  NetworkCase(std::int64_t positions, std::int64_t input_count, std::int64_t hidden_count,
              std::int64_t link_count)
      : inputs(input_count), hidden(hidden_count) {
    Random random(17);
    const auto normals = [&random](std::int64_t count, double scale) {
      std::vector<Real> values;
      for (std::int64_t n = 0; n < count; ++n) {
        values.push_back(from_float<Real>(static_cast<float>(scale * random.normal())));
      }
      return values;
    };
    rows = normals(positions * inputs, 1.0);
    first_weight = normals(hidden * inputs, 1.0 / std::sqrt(static_cast<double>(inputs)));
    first_bias = normals(hidden, 0.5);
    second_weight = normals(link_count * hidden, 0.5 / std::sqrt(static_cast<double>(hidden)));
    second_bias = normals(link_count, 0.2);
    for (std::int64_t t = 0; t < positions; ++t) add_links(t, link_count);
  }

  void add_links(std::int64_t t, std::int64_t link_count) {
    std::vector<double> units;
    for (std::int64_t u = 0; u < hidden; ++u) {
      double sum = to_float(first_bias[static_cast<std::size_t>(u)]);
      for (std::int64_t i = 0; i < inputs; ++i) {
        sum += static_cast<double>(to_float(rows[static_cast<std::size_t>(t * inputs + i)])) *
               to_float(first_weight[static_cast<std::size_t>(u * inputs + i)]);
      }
      units.push_back(0.5 * sum * (1.0 + std::erf(sum / std::sqrt(2.0))));
    }
    for (std::int64_t k = 0; k < link_count; ++k) {
      double sum = to_float(second_bias[static_cast<std::size_t>(k)]);
      for (std::int64_t u = 0; u < hidden; ++u) {
        sum += units[static_cast<std::size_t>(u)] *
               to_float(second_weight[static_cast<std::size_t>(k * hidden + u)]);
      }
      links.push_back(sum);
    }
  }

  LinkNetwork<Real> network() const {
    return {first_weight.data(), first_bias.data(), second_weight.data(), second_bias.data()};
  }

  std::int64_t inputs;
  std::int64_t hidden;
  std::vector<Real> rows;
  std::vector<Real> first_weight;
  std::vector<Real> first_bias;
  std::vector<Real> second_weight;
  std::vector<Real> second_bias;
  std::vector<double> links;
};

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

/// One factor of `mix_case` with links from a network: the links, and the values they give.
template <int kLinkTiles, typename Real>
void check_fused(const MixCase& mix_case, std::int64_t inputs, std::int64_t hidden) {
  const ThreadCase<Real> tested(mix_case);
  const NetworkCase<Real> network(tested.positions(), inputs, hidden, tested.links());
  const std::int64_t m = tested.data.pattern.factors() - 1;
  const FusedFactor<Real> fused{
      {tested.links_of(m), tested.data.channels, nullptr, nullptr, tested.input.data()},
      network.network(),
      network.rows.data(),
      static_cast<std::int32_t>(inputs),
      static_cast<std::int32_t>(hidden)};

  std::vector<Real> links = poisoned<Real>(tested.positions() * tested.links());
  run_fused<LinkUse::kWrite, kLinkTiles>(fused, links.data(), true);
  EXPECT_LT(relative_error(links, network.links), sizeof(Real) == 4 ? 2e-6 : 1e-2);

  // The reference knows the pattern's first factors only, so the last one is applied by hand.
  std::vector<double> expected = tested.exact.input;
  const std::vector<std::int64_t>& starts = tested.data.starts;
  const std::int64_t channels = tested.data.channels;
  for (std::size_t b = 0; b + 1 < starts.size(); ++b) {
    for (std::int64_t t = starts[b]; t < starts[b + 1]; ++t) {
      for (std::int64_t k = 0; k < tested.links(); ++k) {
        const std::int64_t j = link_target(t - starts[b], tested.data.pattern.offset(m, k),
                                           starts[b + 1] - starts[b], tested.data.boundary);
        if (j < 0) continue;
        for (std::int64_t c = 0; c < channels; ++c) {
          expected[static_cast<std::size_t>(t * channels + c)] +=
              network.links[static_cast<std::size_t>(t * tested.links() + k)] *
              tested.exact.input[static_cast<std::size_t>((starts[b] + j) * channels + c)];
        }
      }
    }
  }
  std::vector<Real> out = poisoned<Real>(tested.size());
  run_fused<LinkUse::kApply, kLinkTiles>(fused, out.data(), false);
  // Against the input: with one position all links meet it, and may cancel it.
  EXPECT_LT(error_against(out, expected, tested.exact.input), sizeof(Real) == 4 ? 2e-6 : 1e-2);
}

class CudaFusedThreadsTest : public testing::TestWithParam<MixCase> {};

TEST_P(CudaFusedThreadsTest, AgreeWithLinksComputedByPlainLoops) {
  const MixCase& mix_case = GetParam();
  if (mix_case.factors == 0) GTEST_SKIP() << "no factor, no links";
  check_fused<4, float>(mix_case, 32, 128);
  check_fused<4, Bfloat16>(mix_case, 32, 128);
  check_fused<4, float>(mix_case, 13, 7);
  check_fused<4, Bfloat16>(mix_case, 17, 33);
  check_fused<4, float>(mix_case, 1, 1);
}

INSTANTIATE_TEST_SUITE_P(Cases, CudaFusedThreadsTest, testing::ValuesIn(mix_cases()),
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
