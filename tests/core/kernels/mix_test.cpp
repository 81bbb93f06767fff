#include <cmath>
#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/kernels/mix_engine.hpp"
#include "core/kernels/mix_reference.hpp"
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
