#include <cmath>
#include <gtest/gtest.h>
#include <memory>
#include <tuple>

#include "core/base/random.hpp"
#include "core/kernels/fused/fused_mix_engine.hpp"
#include "core/kernels/link_mlp/link_mlp_reference.hpp"
#include "core/kernels/mix/mix_reference.hpp"
#include "tests/core/kernels/mix/mix_cases.hpp"

namespace paramixer {
namespace {

/// Networks in front of a case of the mixing table: inputs and hidden units of f_m.
struct NetworkSize {
  std::int64_t inputs;
  std::int64_t hidden;
};

template <typename Real>
std::vector<Real> random_values(Random& random, std::int64_t count, double scale) {
  std::vector<Real> values(static_cast<std::size_t>(count));
  for (Real& value : values) value = static_cast<Real>(static_cast<float>(scale * random.normal()));
  return values;
}

template <typename Real>
struct FusedData {
  FusedData(const MixCase& mix_case, const NetworkSize& size)
      : mix(mix_case, 5), shape{size.inputs, size.hidden, mix.pattern.links()} {
    Random random(9);
    rows = random_values<Real>(random, mix.starts.back() * shape.inputs, 1.0);
    input = random_values<Real>(random, mix.values(), 1.0);
    grad_output = random_values<Real>(random, mix.values(), 1.0);
    for (std::int64_t m = 0; m < mix.pattern.factors(); ++m) {
      parameters.push_back({random_values<Real>(random, shape.hidden * shape.inputs, 0.5),
                            random_values<Real>(random, shape.hidden, 0.5),
                            random_values<Real>(random, shape.outputs * shape.hidden, 0.1),
                            random_values<Real>(random, shape.outputs, 0.1)});
    }
    for (const auto& p : parameters) {
      networks.push_back({p[0].data(), p[1].data(), p[2].data(), p[3].data()});
    }
  }

  FusedMixProblem<Real> problem() const {
    return {&mix.pattern, mix.boundary, mix.starts, mix.channels, shape, networks, rows.data()};
  }
  LinkMlpProblem<Real> link_problem() const {
    return {shape, networks, rows.data(), mix.starts.back()};
  }

  MixCaseData<Real> mix;
  LinkMlpShape shape;
  std::vector<Real> rows;
  std::vector<Real> input;
  std::vector<Real> grad_output;
  std::vector<std::vector<std::vector<Real>>> parameters;
  std::vector<LinkMlpWeights<Real>> networks;
};

/// Everything both passes write; NaN before that, so that what is never written shows.
template <typename Real>
struct FusedResults {
  explicit FusedResults(const FusedData<Real>& data) {
    const auto poisoned = [](std::size_t size) { return std::vector<Real>(size, std::nan("")); };
    const std::size_t factors = data.parameters.size();
    output = poisoned(data.input.size());
    states = poisoned(factors > 1 ? (factors - 1) * data.input.size() : 0);
    grad_input = poisoned(data.input.size());
    grad_rows.assign(data.rows.size(), Real{0});
    for (const auto& p : data.parameters) {
      grads.push_back({poisoned(p[0].size()), poisoned(p[1].size()), poisoned(p[2].size()),
                       poisoned(p[3].size())});
    }
    for (auto& g : grads) pointers.push_back({g[0].data(), g[1].data(), g[2].data(), g[3].data()});
  }

  std::vector<std::pair<std::string, const std::vector<Real>*>> arrays() const {
    std::vector<std::pair<std::string, const std::vector<Real>*>> all{{"output", &output},
                                                                      {"states", &states},
                                                                      {"grad_input", &grad_input},
                                                                      {"grad_rows", &grad_rows}};
    for (const auto& g : grads) {
      for (const auto& array : g) all.emplace_back("gradient of a network", &array);
    }
    return all;
  }

  std::vector<Real> output;
  std::vector<Real> states;
  std::vector<Real> grad_input;
  std::vector<Real> grad_rows;
  std::vector<std::vector<std::vector<Real>>> grads;
  std::vector<LinkMlpGradients<Real>> pointers;
};

/// The two references one after the other: networks, then mixing with their links.
FusedResults<double> reference_results(const FusedData<double>& data) {
  FusedResults<double> results(data);
  const auto positions = static_cast<std::size_t>(data.mix.starts.back());
  const std::size_t size = positions * static_cast<std::size_t>(data.shape.outputs);
  std::vector<std::vector<double>> links(data.parameters.size(), std::vector<double>(size));
  std::vector<std::vector<double>> grad_links = links;
  std::vector<double*> link_pointers;
  std::vector<const double*> const_links;
  std::vector<double*> grad_pointers;
  std::vector<const double*> const_grads;
  for (auto& link : links) link_pointers.push_back(link.data());
  for (const auto& link : links) const_links.push_back(link.data());
  for (auto& grad : grad_links) grad_pointers.push_back(grad.data());
  for (const auto& grad : grad_links) const_grads.push_back(grad.data());
  link_mlp_reference(data.link_problem(), std::span<double* const>(link_pointers));
  const MixProblem<double> problem{&data.mix.pattern,
                                   data.mix.boundary,
                                   data.mix.starts,
                                   data.mix.channels,
                                   {const_links, data.mix.starts.back(), {}}};
  mix_forward_reference<double>(problem,
                                {data.input.data(), results.output.data(), results.states.data()});
  mix_backward_reference<double>(problem,
                                 {data.input.data(), results.states.data(), data.grad_output.data(),
                                  results.grad_input.data(), grad_pointers});
  link_mlp_reference_backward(
      data.link_problem(),
      LinkMlpBackward<double>{const_grads, results.grad_rows.data(), results.pointers});
  return results;
}

FusedResults<float> engine_results(const FusedData<float>& data, FusedMixEngine& engine) {
  FusedResults<float> results(data);
  engine.forward(data.problem(), {data.input.data(), results.output.data(), results.states.data()});
  engine.backward(data.problem(),
                  {data.input.data(), results.states.data(), data.grad_output.data(),
                   results.grad_input.data(), results.grad_rows.data(), results.pointers});
  return results;
}

double relative_error(const std::vector<float>& actual, const std::vector<double>& expected) {
  double difference = 0.0;
  double norm = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    difference += std::pow(actual[i] - expected[i], 2);
    norm += expected[i] * expected[i];
  }
  return norm == 0.0 ? difference : std::sqrt(difference / norm);
}

class FusedMixTest : public testing::TestWithParam<MixCase> {};

TEST_P(FusedMixTest, EveryKernelAgreesWithTheReferences) {
  for (const NetworkSize& size : {NetworkSize{32, 64}, {7, 19}}) {
    const FusedResults<double> expected = reference_results(FusedData<double>(GetParam(), size));
    const FusedData<float> data(GetParam(), size);
    for (std::size_t k = 0; k < available_mix_kernels().size(); ++k) {
      for (const int threads : {1, 3}) {
        FusedMixEngine engine(std::make_shared<ThreadPool>(threads), *available_mix_kernels()[k],
                              *available_link_mlp_kernels()[k]);
        const FusedResults<float> actual = engine_results(data, engine);
        const auto actual_arrays = actual.arrays();
        const auto expected_arrays = expected.arrays();
        for (std::size_t a = 0; a < expected_arrays.size(); ++a) {
          EXPECT_LT(relative_error(*actual_arrays[a].second, *expected_arrays[a].second), 2e-5)
              << expected_arrays[a].first << ", kernels " << available_mix_kernels()[k]->name
              << ", threads " << threads << ", inputs " << size.inputs;
        }
      }
    }
  }
}

TEST_P(FusedMixTest, ForwardWithoutStatesGivesTheSameOutput) {
  const FusedData<float> data(GetParam(), {32, 64});
  FusedMixEngine engine(std::make_shared<ThreadPool>(2));
  const std::vector<float> expected = engine_results(data, engine).output;
  std::vector<float> output(data.input.size());
  engine.forward(data.problem(), {data.input.data(), output.data(), nullptr});
  EXPECT_EQ(output, expected);
}

TEST_P(FusedMixTest, GradientsOfRowsAreAddedToWhatIsThere) {
  const FusedData<float> data(GetParam(), {32, 64});
  FusedMixEngine engine(std::make_shared<ThreadPool>(2));
  FusedResults<float> once = engine_results(data, engine);
  const std::vector<float> expected = once.grad_rows;
  engine.backward(data.problem(), {data.input.data(), once.states.data(), data.grad_output.data(),
                                   once.grad_input.data(), once.grad_rows.data(), once.pointers});
  // Large contributions of the factors cancel, so rounding follows the largest of all.
  float largest = 0.0F;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(once.grad_rows[i], 2.0F * expected[i], 1e-5F * (1.0F + largest));
  }
}

TEST_P(FusedMixTest, SameThreadCountGivesTheSameBits) {
  const FusedData<float> data(GetParam(), {7, 19});
  FusedMixEngine engine(std::make_shared<ThreadPool>(3));
  const FusedResults<float> first = engine_results(data, engine);
  for (int repeat = 0; repeat < 3; ++repeat) {
    const FusedResults<float> again = engine_results(data, engine);
    ASSERT_EQ(again.output, first.output);
    ASSERT_EQ(again.grad_rows, first.grad_rows);
    ASSERT_EQ(again.grads, first.grads);
  }
}

TEST_P(FusedMixTest, ThreadsDoNotChangeABitForward) {
  const FusedData<float> data(GetParam(), {7, 19});
  for (const LinkMlpKernels* kernels : available_link_mlp_kernels()) {
    const auto output_of = [&](int threads) {
      FusedMixEngine engine(std::make_shared<ThreadPool>(threads), *available_mix_kernels().front(),
                            *kernels);
      return engine_results(data, engine).output;
    };
    const std::vector<float> expected = output_of(1);
    for (const int threads : {2, 3}) EXPECT_EQ(output_of(threads), expected) << kernels->name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, FusedMixTest, testing::ValuesIn(mix_cases()),
                         [](const auto& row) { return name_of(row.param); });

}  // namespace
}  // namespace paramixer
