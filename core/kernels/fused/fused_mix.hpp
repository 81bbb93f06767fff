#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/link_mlp/link_mlp.hpp"
#include "core/kernels/mix/mix.hpp"

namespace paramixer {

/// The mixing operation of mix.hpp with links computed on the fly: those of position t in factor m
/// are networks[m](rows[t]). They are never all in memory.
template <typename Real>
struct FusedMixProblem {
  const LinkPattern* pattern = nullptr;
  Boundary boundary = Boundary::kRing;
  std::span<const std::int64_t> starts{};            ///< [B + 1], as in MixProblem.
  std::int64_t channels = 0;                         ///< E of the values.
  LinkMlpShape shape{};                              ///< outputs = L.
  std::span<const LinkMlpWeights<Real>> networks{};  ///< [M]
  const Real* rows = nullptr;                        ///< [T, shape.inputs]

  std::int64_t factors() const noexcept { return static_cast<std::int64_t>(networks.size()); }
  std::int64_t positions() const noexcept { return starts.empty() ? 0 : starts.back(); }
};

/// Buffers of a backward pass. `grad_rows` is added to, the other gradients are overwritten.
/// `states` as written by MixForward.
template <typename Real>
struct FusedMixBackward {
  const Real* input = nullptr;
  const Real* states = nullptr;
  const Real* grad_output = nullptr;
  Real* grad_input = nullptr;
  Real* grad_rows = nullptr;  ///< [T, shape.inputs]
  std::span<const LinkMlpGradients<Real>> gradients{};
};

}  // namespace paramixer
