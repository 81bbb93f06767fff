#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/mix/packed_values.hpp"
#include "core/links/link_pattern.hpp"

namespace paramixer {

/// Link weights of every factor. Position t of the batch uses row row_of[t] of weights[m], or row t
/// when row_of is empty. The rows are a table over the vocabulary when links follow from the token
/// alone ("folded"), and one row per position otherwise ("dense").
template <typename Real>
struct MixLinks {
  std::span<const Real* const> weights{};  ///< [M], each row-major [rows, L].
  std::int64_t rows = 0;
  std::span<const std::int32_t> row_of{};  ///< [T] or empty.

  bool folded() const noexcept { return !row_of.empty(); }
};

/// One mixing operation on a batch of sequences laid end to end (no padding between them): for m =
/// 0..M-1
///
///     V[i] <- V[i] + sum_k W_m[row(i), k] * V[i + offset(m, k)]
///
/// with i + offset inside the same sequence, by `boundary` (paper, section 4: product of sparse
/// factors with a residual around each). M = links.weights.size(), at most pattern->factors(); V is
/// row-major [T, E].
template <typename Real>
struct MixProblem {
  const LinkPattern* pattern = nullptr;
  Boundary boundary = Boundary::kRing;
  std::span<const std::int64_t>
      starts{};               ///< [B + 1]; sequence b is positions [starts[b], starts[b+1]).
  std::int64_t channels = 0;  ///< E
  MixLinks<Real> links{};

  std::int64_t factors() const noexcept { return static_cast<std::int64_t>(links.weights.size()); }
  std::int64_t sequences() const noexcept { return static_cast<std::int64_t>(starts.size()) - 1; }
  std::int64_t positions() const noexcept { return starts.empty() ? 0 : starts.back(); }
};

/// Buffers of a forward pass. `states` receives V after factors 0..M-2, [M - 1, T, E], for the
/// backward pass; null when no backward pass follows. `input` and `output` must not overlap.
/// `storage` is for passes without states.
template <typename Real>
struct MixForward {
  const Real* input = nullptr;
  Real* output = nullptr;
  Real* states = nullptr;
  ValueStorage storage = ValueStorage::kFloat32;
};

/// Buffers of a backward pass. All of grad_input and grad_weights[m] ([rows, L]) is overwritten.
template <typename Real>
struct MixBackward {
  const Real* input = nullptr;
  const Real* states = nullptr;
  const Real* grad_output = nullptr;
  Real* grad_input = nullptr;
  std::span<Real* const> grad_weights{};
};

}  // namespace paramixer
