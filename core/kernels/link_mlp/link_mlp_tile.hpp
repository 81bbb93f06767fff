#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/link_mlp/link_mlp.hpp"

namespace paramixer {

/// Columns of a packed panel. All sizes below are rounded up to it.
constexpr std::int64_t kLinkPanel = 16;
/// Largest number of rows per tile; its hidden values stay in the second-level cache.
constexpr std::int64_t kLinkTileRows = 48;

constexpr std::int64_t padded_to_panel(std::int64_t columns) {
  return (columns + kLinkPanel - 1) / kLinkPanel * kLinkPanel;
}

/// Sizes rounded up to whole panels.
struct PaddedLinkMlpShape {
  explicit constexpr PaddedLinkMlpShape(const LinkMlpShape& shape)
      : inputs(padded_to_panel(shape.inputs)),
        hidden(padded_to_panel(shape.hidden)),
        outputs(padded_to_panel(shape.outputs)) {}

  std::int64_t inputs;
  std::int64_t hidden;
  std::int64_t outputs;
};

/// A network's weights in the order in which the kernels read them: a matrix B [K, N] is stored as
/// panels [N/16][K][16], missing columns as zeros.
struct PackedLinkMlp {
  LinkMlpShape shape{};
  const float* first_transposed = nullptr;   ///< B = W1^T [E, H]
  const float* first_bias = nullptr;         ///< [padded H]
  const float* second_transposed = nullptr;  ///< B = W2^T [H, L]
  const float* second_bias = nullptr;        ///< [padded L]
  const float* first = nullptr;              ///< B = W1 [H, E]; for the backward pass
  const float* second = nullptr;             ///< B = W2 [L, H]; for the backward pass
};

/// Up to kLinkTileRows rows of input.
struct LinkTile {
  const float* rows = nullptr;  ///< [count, padded E]
  std::int64_t count = 0;
  float* scratch = nullptr;  ///< link_tile_scratch() floats.
};

/// Gradients a thread collects for one network: padded, W2 transposed.
struct LinkMlpSums {
  float* first = nullptr;        ///< [H, padded E]
  float* first_bias = nullptr;   ///< [padded H]
  float* second = nullptr;       ///< [H, padded L]
  float* second_bias = nullptr;  ///< [padded L]
};

/// Buffers of a tile's backward pass.
struct LinkTileBackward {
  const float* grad_output = nullptr;  ///< [count, padded L], zero in its padding.
  LinkMlpSums sums{};                  ///< Added to.
  float* grad_rows = nullptr;          ///< [count, padded E], added to.
  float* output = nullptr;             ///< [count, padded L]; null when not wanted.
};

/// Floats a tile needs for work in between.
constexpr std::int64_t link_tile_scratch(const LinkMlpShape& shape) {
  return kLinkTileRows * 3 * padded_to_panel(shape.hidden);
}

/// The inner loops of Linear-GELU-Linear for one instruction set; pure functions of their
/// arguments.
struct LinkMlpKernels {
  const char* name;
  /// output [count, padded L] = W2 gelu(W1 x + b1) + b2
  void (*forward)(const PackedLinkMlp& network, const LinkTile& tile, float* output);
  /// Recomputes the hidden values, adds to the gradients, and optionally returns the output.
  void (*backward)(const PackedLinkMlp& network, const LinkTile& tile,
                   const LinkTileBackward& buffers);
};

const LinkMlpKernels& portable_link_mlp_kernels();
#if defined(__x86_64__)
const LinkMlpKernels& avx2_link_mlp_kernels();
const LinkMlpKernels& avx512_link_mlp_kernels();
#endif

/// Every kernel set this processor can run, fastest first.
std::span<const LinkMlpKernels* const> available_link_mlp_kernels();

}  // namespace paramixer
