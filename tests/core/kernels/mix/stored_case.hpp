#pragma once

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "core/base/random.hpp"
#include "core/kernels/cuda/bfloat16.hpp"
#include "core/kernels/cuda/cuda_factor.hpp"
#include "core/kernels/cuda/fused_block.hpp"
#include "core/kernels/mix/mix_reference.hpp"
#include "mix_cases.hpp"

namespace paramixer {

/// The cases of the table, and sequences of more positions than a block has threads.
inline const std::vector<MixCase>& stored_cases() {
  static const std::vector<MixCase> kCases = [] {
    std::vector<MixCase> cases = mix_cases();
    cases.push_back(
        {"many_slots_folded", Protocol::kChord, Boundary::kRing, 12, {2600, 513}, 8, 6});
    cases.push_back(
        {"many_runs_linear", Protocol::kChord, Boundary::kLinear, 12, {5000, 700}, 8, 6});
    cases.push_back({"many_runs_dilated", Protocol::kDilated, Boundary::kLinear, 9, {3001}, 8, 5});
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
struct StoredCase {
  explicit StoredCase(const MixCase& mix_case) : data(mix_case, 3), exact(mix_case, 3) {
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

/// Rows, a link network of any sizes, and the links that plain loops give. Networks of one case
/// differ by their number and share their rows.
template <typename Real>
struct NetworkCase {
  NetworkCase(std::int64_t positions, const LinkMlpShape& shape, std::uint64_t number = 0)
      : inputs(shape.inputs), hidden(shape.hidden) {
    const std::int64_t link_count = shape.outputs;
    Random random(17);
    const auto normals = [&random](std::int64_t count, double scale) {
      std::vector<Real> values;
      for (std::int64_t n = 0; n < count; ++n) {
        values.push_back(from_float<Real>(static_cast<float>(scale * random.normal())));
      }
      return values;
    };
    rows = normals(positions * inputs, 1.0);
    random = Random(18 + number);
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

  LinkMlpWeights<Real> network() const {
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

/// `input` after factor m with these links, by plain loops: the reference knows no factor alone.
template <typename Real>
std::vector<double> apply_factor(const StoredCase<Real>& tested, std::int64_t m,
                                 const std::vector<double>& links,
                                 const std::vector<double>& input) {
  std::vector<double> expected = input;
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
              links[static_cast<std::size_t>(t * tested.links() + k)] *
              input[static_cast<std::size_t>((starts[b] + j) * channels + c)];
        }
      }
    }
  }
  return expected;
}

/// A case whose links come from networks, and what the values are after each factor.
template <typename Real>
struct FusedCase {
  FusedCase(const MixCase& mix_case, std::int64_t inputs, std::int64_t hidden)
      : tested(mix_case), shape{inputs, hidden, tested.links()} {
    std::vector<double> values = tested.exact.input;
    for (std::int64_t m = 0; m < tested.data.pattern.factors(); ++m) {
      networks.emplace_back(tested.positions(), shape, static_cast<std::uint64_t>(m));
      values = apply_factor(tested, m, networks.back().links, values);
      after.push_back(values);
    }
  }

  StoredCase<Real> tested;
  LinkMlpShape shape;
  std::vector<NetworkCase<Real>> networks;
  std::vector<std::vector<double>> after;
};

/// Cases of the table that fit: one position alone may be cancelled by its links, and rounding then
/// is all that is left.
inline std::vector<MixCase> fused_cases() {
  std::vector<MixCase> cases;
  for (const MixCase& mix_case : mix_cases()) {
    if (mix_case.factors > 0 && mix_case.lengths != std::vector<std::int64_t>{1}) {
      cases.push_back(mix_case);
    }
  }
  return cases;
}

/// How far links and values may be off.
template <typename Real>
constexpr double kLinkTolerance = sizeof(Real) == 4 ? 3e-6 : 1e-2;
template <typename Real>
constexpr double kFusedTolerance = sizeof(Real) == 4 ? 1e-5 : 3e-2;

}  // namespace paramixer
