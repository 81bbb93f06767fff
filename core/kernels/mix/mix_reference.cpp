#include "core/kernels/mix/mix_reference.hpp"

#include <algorithm>
#include <vector>

namespace paramixer {
namespace {

/// Calls visit(position, link, target, row) for every link of factor m that lands inside its
/// sequence.
template <typename Real, typename Visit>
void for_each_link(const MixProblem<Real>& problem, std::int64_t m, Visit visit) {
  for (std::int64_t b = 0; b < problem.sequences(); ++b) {
    const std::int64_t start = problem.starts[b];
    const std::int64_t length = problem.starts[b + 1] - start;
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t row = problem.links.folded() ? problem.links.row_of[start + i] : start + i;
      for (std::int64_t k = 0; k < problem.pattern->links(); ++k) {
        const std::int64_t target =
            link_target(i, problem.pattern->offset(m, k), length, problem.boundary);
        if (target >= 0) visit(start + i, k, start + target, row);
      }
    }
  }
}

}  // namespace

template <typename Real>
void mix_forward_reference(const MixProblem<Real>& problem, const MixForward<Real>& buffers) {
  const std::int64_t channels = problem.channels;
  const std::int64_t size = problem.positions() * channels;
  const std::int64_t links = problem.pattern->links();
  std::vector<Real> current(buffers.input, buffers.input + size);
  for (std::int64_t m = 0; m < problem.factors(); ++m) {
    std::vector<Real> next = current;
    for_each_link(problem, m,
                  [&](std::int64_t i, std::int64_t k, std::int64_t j, std::int64_t row) {
                    const Real weight = problem.links.weights[m][row * links + k];
                    for (std::int64_t c = 0; c < channels; ++c) {
                      next[i * channels + c] += weight * current[j * channels + c];
                    }
                  });
    current.swap(next);
    if (buffers.states != nullptr && m + 1 < problem.factors()) {
      std::copy(current.begin(), current.end(), buffers.states + m * size);
    }
  }
  std::copy(current.begin(), current.end(), buffers.output);
}

template <typename Real>
void mix_backward_reference(const MixProblem<Real>& problem, const MixBackward<Real>& buffers) {
  const std::int64_t channels = problem.channels;
  const std::int64_t size = problem.positions() * channels;
  const std::int64_t links = problem.pattern->links();
  std::vector<Real> grad(buffers.grad_output, buffers.grad_output + size);
  for (std::int64_t m = problem.factors() - 1; m >= 0; --m) {
    const Real* values = m == 0 ? buffers.input : buffers.states + (m - 1) * size;
    Real* grad_weights = buffers.grad_weights[m];
    std::fill(grad_weights, grad_weights + problem.links.rows * links, Real{0});
    std::vector<Real> grad_values = grad;
    for_each_link(problem, m,
                  [&](std::int64_t i, std::int64_t k, std::int64_t j, std::int64_t row) {
                    const Real weight = problem.links.weights[m][row * links + k];
                    Real dot{0};
                    for (std::int64_t c = 0; c < channels; ++c) {
                      dot += grad[i * channels + c] * values[j * channels + c];
                      grad_values[j * channels + c] += weight * grad[i * channels + c];
                    }
                    grad_weights[row * links + k] += dot;
                  });
    grad.swap(grad_values);
  }
  std::copy(grad.begin(), grad.end(), buffers.grad_input);
}

template void mix_forward_reference(const MixProblem<float>&, const MixForward<float>&);
template void mix_forward_reference(const MixProblem<double>&, const MixForward<double>&);
template void mix_backward_reference(const MixProblem<float>&, const MixBackward<float>&);
template void mix_backward_reference(const MixProblem<double>&, const MixBackward<double>&);

}  // namespace paramixer
