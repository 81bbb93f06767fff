#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "core/base/random.hpp"
#include "core/base/workspace.hpp"
#include "core/kernels/mix/mix_engine.hpp"
#include "core/kernels/mix/mix_reference.hpp"
#include "mix_cases.hpp"

namespace paramixer {
namespace {

template <typename Real>
struct MixResult {
  std::vector<Real> output;
  std::vector<Real> states;
  std::vector<Real> grad_input;
  std::vector<std::vector<Real>> grad_weights;
};

/// Runs forward and backward on buffers that are poisoned first, so that an element never written
/// shows as NaN.
template <typename Real, typename Forward, typename Backward>
MixResult<Real> run(const MixCaseData<Real>& data, Forward forward, Backward backward) {
  const Real poison = std::nan("");
  const std::size_t size = data.input.size();
  const auto factors = static_cast<std::size_t>(data.pattern.factors());
  MixResult<Real> result{std::vector<Real>(size, poison),
                         std::vector<Real>(factors > 0 ? (factors - 1) * size : 0, poison),
                         std::vector<Real>(size, poison),
                         {}};
  std::vector<Real*> pointers;
  for (const auto& weights : data.weights) {
    result.grad_weights.emplace_back(weights.size(), poison);
  }
  for (auto& grad : result.grad_weights) pointers.push_back(grad.data());
  const MixProblem<Real> problem = data.problem();
  forward(problem, MixForward<Real>{data.input.data(), result.output.data(), result.states.data()});
  backward(problem, MixBackward<Real>{data.input.data(), result.states.data(),
                                      data.grad_output.data(), result.grad_input.data(), pointers});
  return result;
}

template <typename Real>
MixResult<Real> run_reference(const MixCaseData<Real>& data) {
  return run(data, mix_forward_reference<Real>, mix_backward_reference<Real>);
}

MixResult<float> run_engine(const MixCaseData<float>& data, int threads, const MixKernels& kernels,
                            MixSharing sharing = MixSharing::kSequences) {
  MixEngine engine(threads, kernels, sharing);
  return run(
      data, [&](const auto& problem, const auto& buffers) { engine.forward(problem, buffers); },
      [&](const auto& problem, const auto& buffers) { engine.backward(problem, buffers); });
}

/// ||actual - expected|| / ||expected||; NaN anywhere gives NaN, which fails every comparison.
template <typename A, typename B>
double relative_error(const std::vector<A>& actual, const std::vector<B>& expected) {
  double difference = 0.0;
  double norm = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double d = static_cast<double>(actual[i]) - static_cast<double>(expected[i]);
    difference += d * d;
    norm += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
  }
  return norm == 0.0 ? difference : std::sqrt(difference / norm);
}

template <typename Real>
double loss(const MixCaseData<Real>& data) {
  std::vector<Real> output(data.input.size());
  mix_forward_reference<Real>(data.problem(), {data.input.data(), output.data(), nullptr});
  double sum = 0.0;
  for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * data.grad_output[i];
  return sum;
}

void expect_every_kernel_agrees(const MixCase& mix_case, double tolerance) {
  const MixCaseData<float> data(mix_case, 3);
  const MixResult<double> expected = run_reference(MixCaseData<double>(mix_case, 3));
  for (const MixKernels* kernels : available_mix_kernels()) {
    for (const auto& [threads, sharing] : {std::pair{1, MixSharing::kSequences},
                                           {3, MixSharing::kSequences},
                                           {3, MixSharing::kPositions}}) {
      SCOPED_TRACE(std::string(kernels->name) + ", threads " + std::to_string(threads) +
                   (sharing == MixSharing::kPositions ? ", shared positions" : ""));
      const MixResult<float> actual = run_engine(data, threads, *kernels, sharing);
      EXPECT_LT(relative_error(actual.output, expected.output), tolerance);
      EXPECT_LT(relative_error(actual.states, expected.states), tolerance);
      EXPECT_LT(relative_error(actual.grad_input, expected.grad_input), tolerance);
      for (std::size_t m = 0; m < data.weights.size(); ++m) {
        EXPECT_LT(relative_error(actual.grad_weights[m], expected.grad_weights[m]), tolerance) << m;
      }
    }
  }
}

/// The output without states, V stored as bfloat16.
std::vector<float> packed_output(const MixCaseData<float>& data, int threads,
                                 const MixKernels& kernels, MixSharing sharing) {
  std::vector<float> output(data.input.size(), std::nanf(""));
  MixEngine(threads, kernels, sharing)
      .forward(data.problem(), {.input = data.input.data(),
                                .output = output.data(),
                                .storage = ValueStorage::kBfloat16});
  return output;
}

/// The first factor on the first sequence, both directions after each other; the results lie
/// `shift` floats behind an aligned address.
std::vector<float> one_factor(const MixCaseData<float>& data, const MixKernels& kernels,
                              MixStore store, std::size_t shift) {
  if (data.weights.empty()) return {};
  const std::int64_t length = data.starts[1];
  const std::int64_t size = length * data.channels;
  const std::int64_t pitch = (data.channels + 15) / 16 * 16;
  Workspace memory;
  float* out = memory.floats(length * pitch + 16) + shift;
  std::vector<float> results;
  for (const LinkDirection direction : {LinkDirection::kToTarget, LinkDirection::kToSource}) {
    const auto all = make_link_segments(data.pattern, 0, length, data.boundary, direction);
    const auto views = clipped(all, 0, length);
    const MixFactor factor{.segments = views,
                           .channels = data.channels,
                           .values_pitch = data.channels,
                           .weights_pitch = data.pattern.links(),
                           .links = data.pattern.links(),
                           .weights = data.weights[0].data(),
                           .row_of = data.row_of.empty() ? nullptr : data.row_of.data(),
                           .values = data.input.data(),
                           .store = store};
    const auto kernel =
        direction == LinkDirection::kToTarget ? kernels.forward : kernels.backward_values;
    kernel(factor, {out, pitch});
    for (std::int64_t i = 0; i < size; ++i) {
      results.push_back(out[i / data.channels * pitch + i % data.channels]);
    }
  }
  return results;
}

class MixTest : public testing::TestWithParam<MixCase> {};

TEST_P(MixTest, ReferenceGradientsAgreeWithFiniteDifferences) {
  MixCaseData<double> data(GetParam(), 11);
  const MixResult<double> result = run_reference(data);
  Random random(5);
  const double step = 1e-5;
  const auto check = [&](double& value, double gradient) {
    const double saved = value;
    value = saved + step;
    const double above = loss(data);
    value = saved - step;
    const double below = loss(data);
    value = saved;
    EXPECT_NEAR((above - below) / (2 * step), gradient, 1e-5 * std::max(1.0, std::abs(gradient)));
  };
  for (int probe = 0; probe < 12; ++probe) {
    const auto i = random.below(data.input.size());
    check(data.input[i], result.grad_input[i]);
    if (data.weights.empty()) continue;
    const auto m = random.below(data.weights.size());
    const auto w = random.below(data.weights[m].size());
    check(data.weights[m][w], result.grad_weights[m][w]);
  }
}

TEST_P(MixTest, EveryKernelAgreesWithTheReference) { expect_every_kernel_agrees(GetParam(), 1e-5); }

TEST_P(MixTest, ForwardWithoutStatesGivesTheSameOutput) {
  const MixCaseData<float> data(GetParam(), 3);
  const MixKernels& kernels = *available_mix_kernels().front();
  const MixResult<float> with_states = run_engine(data, 1, kernels);
  std::vector<float> output(data.input.size());
  MixEngine(2, kernels).forward(data.problem(), {data.input.data(), output.data(), nullptr});
  EXPECT_EQ(output, with_states.output);
}

TEST_P(MixTest, Bfloat16StorageStaysWithinItsRounding) {
  const MixCaseData<float> data(GetParam(), 3);
  const MixResult<double> expected = run_reference(MixCaseData<double>(GetParam(), 3));
  for (const MixKernels* kernels : available_mix_kernels()) {
    for (const MixSharing sharing : {MixSharing::kSequences, MixSharing::kPositions}) {
      std::vector<float> output = packed_output(data, 3, *kernels, sharing);
      EXPECT_LT(relative_error(output, expected.output), 1e-2) << kernels->name;
    }
  }
}

TEST_P(MixTest, Bfloat16StorageIsExactForSmallWholeNumbers) {
  // V of 0 and 1, and one link of weight 1 per position, at most doubles in every factor; up to 256
  // bfloat16 holds every whole number.
  if (GetParam().factors > 8) GTEST_SKIP() << "V would grow beyond 256";
  MixCaseData<float> data(GetParam(), 3);
  for (float& value : data.input) value = value > 0.0F ? 1.0F : 0.0F;
  for (auto& weights : data.weights) {
    for (std::size_t w = 0; w < weights.size(); ++w) {
      const auto links = static_cast<std::size_t>(data.pattern.links());
      weights[w] = w % links == (w / links) % links ? 1.0F : 0.0F;
    }
  }
  for (const MixKernels* kernels : available_mix_kernels()) {
    const std::vector<float> expected = run_engine(data, 1, *kernels).output;
    for (const MixSharing sharing : {MixSharing::kSequences, MixSharing::kPositions}) {
      EXPECT_EQ(packed_output(data, 2, *kernels, sharing), expected) << kernels->name;
    }
  }
}

TEST_P(MixTest, StreamedResultsAreTheSame) {
  const MixCaseData<float> data(GetParam(), 3);
  for (const MixKernels* kernels : available_mix_kernels()) {
    // An address that no vector store is aligned to, too.
    for (const std::size_t shift : {0, 1}) {
      const auto cached = one_factor(data, *kernels, MixStore::kCached, shift);
      EXPECT_EQ(one_factor(data, *kernels, MixStore::kStreamed, shift), cached) << kernels->name;
    }
  }
}

TEST_P(MixTest, SameThreadCountGivesTheSameBits) {
  const MixCaseData<float> data(GetParam(), 3);
  const MixKernels& kernels = *available_mix_kernels().front();
  for (const MixSharing sharing : {MixSharing::kSequences, MixSharing::kPositions}) {
    const MixResult<float> first = run_engine(data, 3, kernels, sharing);
    for (int repeat = 0; repeat < 5; ++repeat) {
      const MixResult<float> again = run_engine(data, 3, kernels, sharing);
      ASSERT_EQ(again.output, first.output);
      ASSERT_EQ(again.grad_input, first.grad_input);
      ASSERT_EQ(again.grad_weights, first.grad_weights);
    }
  }
}

TEST_P(MixTest, ThreadsAndSharingDoNotChangeABitForward) {
  const MixCaseData<float> data(GetParam(), 3);
  for (const MixKernels* kernels : available_mix_kernels()) {
    const std::vector<float> expected = run_engine(data, 1, *kernels).output;
    const auto packed = packed_output(data, 1, *kernels, MixSharing::kSequences);
    for (const int threads : {2, 3}) {
      for (const MixSharing sharing : {MixSharing::kSequences, MixSharing::kPositions}) {
        EXPECT_EQ(run_engine(data, threads, *kernels, sharing).output, expected) << kernels->name;
        EXPECT_EQ(packed_output(data, threads, *kernels, sharing), packed) << kernels->name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, MixTest, testing::ValuesIn(mix_cases()),
                         [](const auto& row) { return name_of(row.param); });

class FullSizeMixTest : public testing::TestWithParam<MixCase> {};

TEST_P(FullSizeMixTest, EveryKernelAgreesWithTheReference) {
  // Thousands of terms go into one sum of a folded table's gradient.
  expect_every_kernel_agrees(GetParam(), 1e-4);
}

TEST_P(FullSizeMixTest, ForwardWithoutStatesGivesTheSameOutput) {
  const MixCaseData<float> data(GetParam(), 3);
  const MixKernels& kernels = *available_mix_kernels().front();
  const std::vector<float> expected = run_engine(data, 1, kernels).output;
  for (const MixSharing sharing : {MixSharing::kSequences, MixSharing::kPositions}) {
    std::vector<float> output(data.input.size());
    MixEngine(2, kernels, sharing)
        .forward(data.problem(), {data.input.data(), output.data(), nullptr});
    EXPECT_EQ(output, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, FullSizeMixTest, testing::ValuesIn(full_size_mix_cases()),
                         [](const auto& row) { return name_of(row.param); });

TEST(MixEngineTest, OneLongSequenceGivesTheSameForAnySharing) {
  const MixCase long_case{"long", Protocol::kDilated, Boundary::kRing, 5, {20001}, 8, 300};
  const MixCaseData<float> data(long_case, 4);
  const MixKernels& kernels = *available_mix_kernels().front();
  const MixResult<float> alone = run_engine(data, 1, kernels);
  EXPECT_EQ(run_engine(data, 2, kernels, MixSharing::kAuto).output, alone.output);
  EXPECT_EQ(run_engine(data, 2, kernels, MixSharing::kPositions).grad_input, alone.grad_input);
}

TEST(MixEngineTest, LongSequencesThatAreStreamedAgreeWithTheReference) {
  // V of 32 MiB, of a length that ends within a tile.
  const MixCase long_case{"long", Protocol::kChord, Boundary::kRing, 18, {262145}, 32, 6};
  const MixCaseData<float> data(long_case, 4);
  std::vector<float> expected(data.input.size());
  mix_forward_reference<float>(data.problem(), {data.input.data(), expected.data(), nullptr});
  for (const MixKernels* kernels : available_mix_kernels()) {
    std::vector<float> output(data.input.size());
    MixEngine(2, *kernels).forward(data.problem(), {data.input.data(), output.data(), nullptr});
    EXPECT_LT(relative_error(output, expected), 1e-5) << kernels->name;
  }
}

TEST(PackedValuesTest, RoundToTheNearestBfloat16TiesToEven) {
  const float infinity = std::numeric_limits<float>::infinity();
  // Channels 0..31 and one more, so that both halves of a word and a second block are met.
  std::vector<float> values(33, 0.0F);
  std::vector<float> expected(33, 0.0F);
  const auto set = [&](std::size_t channel, float value, float rounded) {
    values[channel] = value;
    expected[channel] = rounded;
  };
  set(0, 1.00390625F, 1.0F);        // Halfway; 1.0 is even.
  set(15, 1.01171875F, 1.015625F);  // Halfway; the upper one is even.
  set(16, -1.00390637F, -1.0078125F);
  set(17, infinity, infinity);
  set(18, -infinity, -infinity);
  set(19, std::numeric_limits<float>::max(), infinity);
  set(31, 1e-40F, 9.1835496e-41F);  // The smallest bfloat16.
  set(32, 256.0F, 256.0F);
  values[20] = std::nanf("");
  const std::int64_t pitch = packed_words(33);
  EXPECT_EQ(pitch, 32);
  for (const MixKernels* kernels : available_mix_kernels()) {
    std::vector<std::uint32_t> words(static_cast<std::size_t>(pitch), 0xffffffffU);
    std::vector<float> back(33, -1.0F);
    kernels->pack({0, 1, 33}, {values.data(), 33}, {words.data(), pitch});
    kernels->unpack({0, 1, 33}, {words.data(), pitch}, {back.data(), 33});
    EXPECT_EQ(words.back(), 0U) << "missing channels are zero";
    EXPECT_TRUE(std::isnan(back[20])) << kernels->name;
    back[20] = 0.0F;
    for (std::size_t c = 0; c < 33; ++c) {
      EXPECT_FLOAT_EQ(back[c], expected[c]) << kernels->name << ", channel " << c;
    }
  }
}

TEST(MixEngineTest, CarriesWorkspacesOverFromSmallToLargeProblems) {
  MixEngine engine(2);
  for (const MixCase& mix_case : mix_cases()) {
    const MixCaseData<float> data(mix_case, 8);
    std::vector<float> output(data.input.size());
    std::vector<float> expected(data.input.size());
    engine.forward(data.problem(), {data.input.data(), output.data(), nullptr});
    mix_forward_reference<float>(data.problem(), {data.input.data(), expected.data(), nullptr});
    EXPECT_LT(relative_error(output, expected), 1e-5) << mix_case.name;
  }
}

}  // namespace
}  // namespace paramixer
