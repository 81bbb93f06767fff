#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/link_segments.hpp"

namespace paramixer {

/// One factor on one sequence, as the instruction-set specific kernels see it. Pointers are to the
/// sequence's own positions: `values`, `row_of` and dense weights are already moved to its start.
struct MixFactor {
  std::span<const LinkSegment> segments{};
  std::int64_t channels = 0;             ///< E
  std::int64_t links = 0;                ///< L, the row length of `weights`.
  const float* weights = nullptr;        ///< [rows, L]
  const std::int32_t* row_of = nullptr;  ///< [n]; null: the row is the position.
  const float* values =
      nullptr;  ///< [n, E] input of the factor (forward), or gradient of its output (backward).
};

/// The three inner loops of mixing for one instruction set. All are pure functions of their
/// arguments.
struct MixKernels {
  const char* name;
  /// out[i] = values[i] + sum_k w(i, k) values[i + delta_k]; segments to the target.
  void (*forward)(const MixFactor& factor, float* out);
  /// out[j] = values[j] + sum_k w(j + delta_k, k) values[j + delta_k]; segments to the source.
  void (*backward_values)(const MixFactor& factor, float* out);
  /// Adds <values[i], inputs[i + delta_k]> to grad(row(i), k); segments to the target. `grad` has
  /// rows of padded_links(L) floats.
  void (*backward_weights)(const MixFactor& factor, const float* inputs, float* grad);
};

/// Row length of link gradients: L rounded up to whole groups of 8.
constexpr std::int64_t padded_links(std::int64_t links) { return (links + 7) / 8 * 8; }

const MixKernels& portable_mix_kernels();
#if defined(__x86_64__)
const MixKernels& avx2_mix_kernels();
const MixKernels& avx512_mix_kernels();
#endif

/// Every kernel set this processor can run, fastest first.
std::span<const MixKernels* const> available_mix_kernels();

}  // namespace paramixer
