#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/mix/link_segments.hpp"
#include "core/kernels/mix/packed_values.hpp"

namespace paramixer {

/// A run of positions as the kernels see it: part of a LinkSegment, whose links it borrows.
struct LinkSegmentView {
  LinkSegmentView(const LinkSegment& segment, std::int64_t first, std::int64_t last)
      : begin(first),
        end(last),
        count(static_cast<std::int64_t>(segment.link.size())),
        link(segment.link.data()),
        delta(segment.delta.data()) {}

  std::int64_t begin;
  std::int64_t end;
  std::int64_t count;         ///< Links.
  const std::int32_t* link;   ///< [count]
  const std::int64_t* delta;  ///< [count]
};

/// Where a kernel's results go.
enum class MixStore {
  kCached,
  kStreamed,  ///< Past the caches: the results would leave them before they are read again.
};

/// One factor on one sequence, as the instruction-set specific kernels see it. Pointers are to the
/// sequence's own positions: `values`, `row_of` and dense weights are already moved to its start.
struct MixFactor {
  std::span<const LinkSegmentView> segments{};
  std::int64_t channels = 0;       ///< Channels to compute: E, or fewer from where `values` points.
  std::int64_t values_pitch = 0;   ///< Floats from one position of `values` to the next.
  std::int64_t weights_pitch = 0;  ///< The same of `weights`; L or more.
  std::int64_t links = 0;          ///< L
  const float* weights = nullptr;  ///< [rows, L]
  const std::int32_t* row_of = nullptr;  ///< [n]; null: the row is the position.
  /// [n, channels] input of the factor (forward), or gradient of its output (backward).
  const float* values = nullptr;
  MixStore store = MixStore::kCached;  ///< What forward and backward_values do where they can.
};

/// Where a kernel writes values, or reads a second set of them.
template <typename Float>
struct MixRows {
  Float* first = nullptr;
  std::int64_t pitch = 0;  ///< Floats from one position to the next.
};

/// Positions [begin, end) and the channels they have.
struct PositionRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t channels = 0;
};

/// The inner loops of mixing for one instruction set. All are pure functions of their
/// arguments.
struct MixKernels {
  const char* name;
  /// out[i] = values[i] + sum_k w(i, k) values[i + delta_k]; segments to the target.
  void (*forward)(const MixFactor& factor, const MixRows<float>& out);
  /// out[j] = values[j] + sum_k w(j + delta_k, k) values[j + delta_k]; segments to the source.
  void (*backward_values)(const MixFactor& factor, const MixRows<float>& out);
  /// Adds <values[i], inputs[i + delta_k]> to grad(row(i), k); segments to the target. Rows of
  /// `grad` have at least padded_links(L) floats.
  void (*backward_weights)(const MixFactor& factor, const MixRows<const float>& inputs,
                           const MixRows<float>& grad);
  /// Rounds values to packed ones (packed_values.hpp).
  void (*pack)(const PositionRange& range, const MixRows<const float>& values,
               const MixRows<std::uint32_t>& words);
  /// forward() from packed values to packed values; factor.values is not read.
  void (*forward_packed)(const MixFactor& factor, const MixRows<const std::uint32_t>& values,
                         const MixRows<std::uint32_t>& out);
  void (*unpack)(const PositionRange& range, const MixRows<const std::uint32_t>& words,
                 const MixRows<float>& values);
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
