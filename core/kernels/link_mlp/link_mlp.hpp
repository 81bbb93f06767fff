#pragma once

#include <cstdint>
#include <span>

namespace paramixer {

/// Sizes of one network f_m (or g): Linear(inputs, hidden), GELU (exact, by erf), Linear(hidden,
/// outputs).
struct LinkMlpShape {
  std::int64_t inputs = 0;   ///< E
  std::int64_t hidden = 0;   ///< H
  std::int64_t outputs = 0;  ///< L
};

/// Weights of one network in torch's layout.
template <typename Real>
struct LinkMlpWeights {
  const Real* first = nullptr;        ///< [H, E]
  const Real* first_bias = nullptr;   ///< [H]
  const Real* second = nullptr;       ///< [L, H]
  const Real* second_bias = nullptr;  ///< [L]
};

/// Where the gradients of one network go; laid out as its weights, overwritten.
template <typename Real>
struct LinkMlpGradients {
  Real* first = nullptr;
  Real* first_bias = nullptr;
  Real* second = nullptr;
  Real* second_bias = nullptr;
};

/// Several networks of one shape on the same rows: all f_m of a block.
template <typename Real>
struct LinkMlpProblem {
  LinkMlpShape shape{};
  std::span<const LinkMlpWeights<Real>> networks{};
  const Real* rows = nullptr;  ///< [R, E]
  std::int64_t count = 0;      ///< R
};

/// Buffers of the backward pass.
template <typename Real>
struct LinkMlpBackward {
  std::span<const Real* const> grad_outputs{};  ///< One [R, L] a network; null means zero.
  Real* grad_rows = nullptr;                    ///< [R, E], overwritten.
  std::span<const LinkMlpGradients<Real>> gradients{};
};

}  // namespace paramixer
