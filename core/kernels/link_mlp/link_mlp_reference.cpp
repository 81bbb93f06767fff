#include "core/kernels/link_mlp/link_mlp_reference.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace paramixer {
namespace {

template <typename Real>
Real normal_cdf(Real x) {
  return Real(0.5) * std::erfc(-x / std::numbers::sqrt2_v<Real>);
}

template <typename Real>
Real gelu_slope(Real x) {
  const Real density =
      std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
  return normal_cdf(x) + x * density;
}

/// W1 x + b1
template <typename Real>
std::vector<Real> hidden_inputs(const LinkMlpShape& shape, const LinkMlpWeights<Real>& network,
                                const Real* row) {
  std::vector<Real> hidden(static_cast<std::size_t>(shape.hidden));
  for (std::int64_t h = 0; h < shape.hidden; ++h) {
    Real sum = network.first_bias[h];
    for (std::int64_t e = 0; e < shape.inputs; ++e) {
      sum += network.first[h * shape.inputs + e] * row[e];
    }
    hidden[static_cast<std::size_t>(h)] = sum;
  }
  return hidden;
}

/// One row of a network's inputs and its gradients.
template <typename Real>
struct BackwardRow {
  const Real* row;          ///< [inputs]
  const Real* grad_output;  ///< [outputs]
  Real* grad_row;           ///< [inputs]
};

/// Adds one row's part to all gradients of one network and to the row's own.
template <typename Real>
void add_row_gradients(const LinkMlpShape& shape, const LinkMlpWeights<Real>& network,
                       const BackwardRow<Real>& at, const LinkMlpGradients<Real>& gradients) {
  const auto& [row, grad_output, grad_row] = at;
  const std::vector<Real> hidden = hidden_inputs(shape, network, row);
  for (std::int64_t l = 0; l < shape.outputs; ++l) gradients.second_bias[l] += grad_output[l];
  for (std::int64_t h = 0; h < shape.hidden; ++h) {
    const Real x = hidden[static_cast<std::size_t>(h)];
    Real grad = 0;
    for (std::int64_t l = 0; l < shape.outputs; ++l) {
      gradients.second[l * shape.hidden + h] += grad_output[l] * x * normal_cdf(x);
      grad += grad_output[l] * network.second[l * shape.hidden + h];
    }
    grad *= gelu_slope(x);
    gradients.first_bias[h] += grad;
    for (std::int64_t e = 0; e < shape.inputs; ++e) {
      gradients.first[h * shape.inputs + e] += grad * row[e];
      grad_row[e] += grad * network.first[h * shape.inputs + e];
    }
  }
}

}  // namespace

template <typename Real>
void link_mlp_reference(const LinkMlpProblem<Real>& problem, std::span<Real* const> outputs) {
  const LinkMlpShape& shape = problem.shape;
  for (std::size_t m = 0; m < problem.networks.size(); ++m) {
    const LinkMlpWeights<Real>& network = problem.networks[m];
    for (std::int64_t r = 0; r < problem.count; ++r) {
      const auto hidden = hidden_inputs(shape, network, problem.rows + r * shape.inputs);
      for (std::int64_t l = 0; l < shape.outputs; ++l) {
        Real sum = network.second_bias[l];
        for (std::int64_t h = 0; h < shape.hidden; ++h) {
          const Real x = hidden[static_cast<std::size_t>(h)];
          sum += network.second[l * shape.hidden + h] * x * normal_cdf(x);
        }
        outputs[m][r * shape.outputs + l] = sum;
      }
    }
  }
}

template <typename Real>
void link_mlp_reference_backward(const LinkMlpProblem<Real>& problem,
                                 const LinkMlpBackward<Real>& buffers) {
  const LinkMlpShape& shape = problem.shape;
  std::fill_n(buffers.grad_rows, problem.count * shape.inputs, Real(0));
  for (std::size_t m = 0; m < problem.networks.size(); ++m) {
    const LinkMlpGradients<Real>& gradients = buffers.gradients[m];
    std::fill_n(gradients.first, shape.hidden * shape.inputs, Real(0));
    std::fill_n(gradients.first_bias, shape.hidden, Real(0));
    std::fill_n(gradients.second, shape.outputs * shape.hidden, Real(0));
    std::fill_n(gradients.second_bias, shape.outputs, Real(0));
    if (buffers.grad_outputs[m] == nullptr) continue;
    for (std::int64_t r = 0; r < problem.count; ++r) {
      add_row_gradients<Real>(
          shape, problem.networks[m],
          {problem.rows + r * shape.inputs, buffers.grad_outputs[m] + r * shape.outputs,
           buffers.grad_rows + r * shape.inputs},
          gradients);
    }
  }
}

template void link_mlp_reference(const LinkMlpProblem<float>&, std::span<float* const>);
template void link_mlp_reference(const LinkMlpProblem<double>&, std::span<double* const>);
template void link_mlp_reference_backward(const LinkMlpProblem<float>&,
                                          const LinkMlpBackward<float>&);
template void link_mlp_reference_backward(const LinkMlpProblem<double>&,
                                          const LinkMlpBackward<double>&);

}  // namespace paramixer
