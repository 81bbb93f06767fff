#include <cmath>
#include <gtest/gtest.h>
#include <memory>

#include "core/base/random.hpp"
#include "core/kernels/link_mlp/link_mlp_engine.hpp"
#include "core/kernels/link_mlp/link_mlp_reference.hpp"

namespace paramixer {
namespace {

struct LinkMlpCase {
  const char* name;
  LinkMlpShape shape;
  std::int64_t rows;
  std::size_t networks;
};

/// Sizes that fill panels and tiles exactly, and sizes that do not; no row at all; a single one.
const std::vector<LinkMlpCase>& cases() {
  static const std::vector<LinkMlpCase> kCases{
      {"one_of_everything", {1, 1, 1}, 1, 1}, {"no_rows", {4, 8, 3}, 0, 2},
      {"whole_panels", {32, 128, 16}, 96, 3}, {"chord_of_12", {32, 128, 13}, 131, 4},
      {"dilated", {16, 32, 9}, 49, 2},        {"odd_sizes", {7, 19, 27}, 101, 3},
      {"wide_outputs", {5, 24, 40}, 50, 2},   {"more_rows_than_a_tile", {8, 16, 5}, 500, 1},
  };
  return kCases;
}

/// All arrays of a case in one type.
template <typename Real>
struct CaseData {
  explicit CaseData(const LinkMlpCase& row) : shape(row.shape), count(row.rows) {
    Random random(7, 1);
    const auto fill = [&random](std::int64_t size, double scale) {
      std::vector<Real> values(static_cast<std::size_t>(size));
      for (Real& value : values)
        value = static_cast<Real>(static_cast<float>(scale * random.normal()));
      return values;
    };
    inputs = fill(count * shape.inputs, 1.5);
    for (std::size_t m = 0; m < row.networks; ++m) {
      parameters.push_back({fill(shape.hidden * shape.inputs, 0.7), fill(shape.hidden, 0.5),
                            fill(shape.outputs * shape.hidden, 0.3), fill(shape.outputs, 0.5)});
      grad_outputs.push_back(fill(count * shape.outputs, 1.0));
    }
    for (const auto& p : parameters) {
      weights.push_back({p[0].data(), p[1].data(), p[2].data(), p[3].data()});
    }
  }

  LinkMlpProblem<Real> problem() const { return {shape, weights, inputs.data(), count}; }

  LinkMlpShape shape;
  std::int64_t count;
  std::vector<Real> inputs;
  std::vector<std::vector<std::vector<Real>>> parameters;
  std::vector<std::vector<Real>> grad_outputs;
  std::vector<LinkMlpWeights<Real>> weights;
};

/// Outputs and gradients of a case, as one list of arrays.
template <typename Real>
struct CaseResults {
  explicit CaseResults(const CaseData<Real>& data) {
    const auto size = [](std::int64_t count) { return static_cast<std::size_t>(count); };
    const LinkMlpShape& shape = data.shape;
    for (std::size_t m = 0; m < data.parameters.size(); ++m) {
      outputs.emplace_back(size(data.count * shape.outputs), Real(99));
      gradients.push_back({std::vector<Real>(size(shape.hidden * shape.inputs), Real(99)),
                           std::vector<Real>(size(shape.hidden), Real(99)),
                           std::vector<Real>(size(shape.outputs * shape.hidden), Real(99)),
                           std::vector<Real>(size(shape.outputs), Real(99))});
    }
    grad_rows.assign(size(data.count * shape.inputs), Real(99));
    for (auto& output : outputs) output_pointers.push_back(output.data());
    for (const auto& grad : data.grad_outputs) grad_output_pointers.push_back(grad.data());
    for (auto& g : gradients) {
      gradient_pointers.push_back({g[0].data(), g[1].data(), g[2].data(), g[3].data()});
    }
  }

  LinkMlpBackward<Real> backward() {
    return {grad_output_pointers, grad_rows.data(), gradient_pointers};
  }

  std::vector<std::pair<std::string, std::vector<Real>>> arrays() const {
    std::vector<std::pair<std::string, std::vector<Real>>> all{{"grad_rows", grad_rows}};
    for (std::size_t m = 0; m < outputs.size(); ++m) {
      all.emplace_back("output", outputs[m]);
      all.emplace_back("grad_first", gradients[m][0]);
      all.emplace_back("grad_first_bias", gradients[m][1]);
      all.emplace_back("grad_second", gradients[m][2]);
      all.emplace_back("grad_second_bias", gradients[m][3]);
    }
    return all;
  }

  std::vector<std::vector<Real>> outputs;
  std::vector<std::vector<std::vector<Real>>> gradients;
  std::vector<Real> grad_rows;
  std::vector<Real*> output_pointers;
  std::vector<const Real*> grad_output_pointers;
  std::vector<LinkMlpGradients<Real>> gradient_pointers;
};

CaseResults<double> reference_results(const CaseData<double>& data) {
  CaseResults<double> results(data);
  link_mlp_reference(data.problem(), std::span<double* const>(results.output_pointers));
  link_mlp_reference_backward(data.problem(), results.backward());
  return results;
}

CaseResults<float> engine_results(const CaseData<float>& data, const LinkMlpKernels& kernels,
                                  int threads) {
  CaseResults<float> results(data);
  LinkMlpEngine engine(std::make_shared<ThreadPool>(threads), kernels);
  engine.forward(data.problem(), results.output_pointers);
  engine.backward(data.problem(), results.backward());
  return results;
}

/// ||actual - expected|| / ||expected||, where sums that cancel out count as 0.1 each.
double relative_error(const std::vector<float>& actual, const std::vector<double>& expected) {
  double difference = 0.0;
  double size = 1e-30;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    difference += std::pow(actual[i] - expected[i], 2);
    size += std::max(0.01, std::pow(expected[i], 2));
  }
  return std::sqrt(difference / size);
}

class LinkMlpTest : public testing::TestWithParam<LinkMlpCase> {};

TEST_P(LinkMlpTest, EveryKernelAgreesWithTheReference) {
  const auto expected = reference_results(CaseData<double>(GetParam())).arrays();
  const CaseData<float> data(GetParam());
  for (const LinkMlpKernels* kernels : available_link_mlp_kernels()) {
    for (const int threads : {1, 3}) {
      const auto actual = engine_results(data, *kernels, threads).arrays();
      for (std::size_t i = 0; i < actual.size(); ++i) {
        EXPECT_LT(relative_error(actual[i].second, expected[i].second), 5e-6)
            << kernels->name << ", " << threads << " threads: " << actual[i].first;
      }
    }
  }
}

TEST_P(LinkMlpTest, SameThreadsGiveTheSameBits) {
  const CaseData<float> data(GetParam());
  const LinkMlpKernels& kernels = *available_link_mlp_kernels().front();
  EXPECT_EQ(engine_results(data, kernels, 2).arrays(), engine_results(data, kernels, 2).arrays());
}

TEST_P(LinkMlpTest, ThreadsDoNotChangeABitForward) {
  const CaseData<float> data(GetParam());
  for (const LinkMlpKernels* kernels : available_link_mlp_kernels()) {
    const auto expected = engine_results(data, *kernels, 1).outputs;
    for (const int threads : {2, 3}) {
      EXPECT_EQ(engine_results(data, *kernels, threads).outputs, expected) << kernels->name;
    }
  }
}

double loss_of(const CaseData<double>& data) {
  CaseResults<double> results(data);
  link_mlp_reference(data.problem(), std::span<double* const>(results.output_pointers));
  double loss = 0.0;
  for (std::size_t m = 0; m < results.outputs.size(); ++m) {
    for (std::size_t i = 0; i < results.outputs[m].size(); ++i) {
      loss += results.outputs[m][i] * data.grad_outputs[m][i];
    }
  }
  return loss;
}

/// The largest difference between `gradient` and central differences of the loss, at some places.
double finite_difference_error(CaseData<double>& data, std::vector<double>& values,
                               const std::vector<double>& gradient) {
  constexpr double kStep = 1e-5;
  double worst = 0.0;
  for (std::size_t i = 0; i < values.size(); i += values.size() / 5 + 1) {
    const double kept = values[i];
    values[i] = kept + kStep;
    const double above = loss_of(data);
    values[i] = kept - kStep;
    const double below = loss_of(data);
    values[i] = kept;
    worst = std::max(worst, std::abs((above - below) / (2 * kStep) - gradient[i]) /
                                (1.0 + std::abs(gradient[i])));
  }
  return worst;
}

TEST_P(LinkMlpTest, ReferenceGradientsAreFiniteDifferences) {
  CaseData<double> data(GetParam());
  const CaseResults<double> results = reference_results(data);
  EXPECT_LT(finite_difference_error(data, data.inputs, results.grad_rows), 1e-6);
  for (std::size_t m = 0; m < data.parameters.size(); ++m) {
    for (std::size_t p = 0; p < 4; ++p) {
      EXPECT_LT(finite_difference_error(data, data.parameters[m][p], results.gradients[m][p]), 1e-6)
          << "network " << m << ", parameter " << p;
    }
  }
}

TEST(LinkMlpEngineTest, MissingOutputGradientCountsAsZero) {
  const CaseData<float> data({"", {8, 16, 5}, 20, 2});
  CaseResults<float> results(data);
  results.grad_output_pointers[0] = nullptr;
  LinkMlpEngine(std::make_shared<ThreadPool>(2)).backward(data.problem(), results.backward());
  for (const auto& gradient : results.gradients[0]) {
    EXPECT_EQ(gradient, std::vector<float>(gradient.size(), 0.0F));
  }
  EXPECT_NE(results.grad_rows, std::vector<float>(results.grad_rows.size(), 0.0F));
}

TEST(LinkMlpEngineTest, GeluIsExactFarOutToo) {
  // One input, weight 1, hidden 1, output weight 1: the output is gelu(x).
  std::vector<float> x;
  for (int i = -1500; i <= 1500; ++i) x.push_back(static_cast<float>(i) * 0.02F);
  x.insert(x.end(), {-1e4F, 1e4F, -0.0F});
  std::vector<float> y(x.size());
  const float one = 1.0F;
  const float zero = 0.0F;
  const LinkMlpWeights<float> weights{&one, &zero, &one, &zero};
  float* output = y.data();
  for (const LinkMlpKernels* kernels : available_link_mlp_kernels()) {
    LinkMlpEngine(std::make_shared<ThreadPool>(1), *kernels)
        .forward({{1, 1, 1}, {&weights, 1}, x.data(), static_cast<std::int64_t>(x.size())},
                 {&output, 1});
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double exact = x[i] * 0.5 * std::erfc(-static_cast<double>(x[i]) / std::sqrt(2.0));
      EXPECT_NEAR(y[i], exact, 1e-6 * std::max(1.0, std::abs(exact)))
          << kernels->name << ": " << x[i];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LinkMlpTest, testing::ValuesIn(cases()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace paramixer
