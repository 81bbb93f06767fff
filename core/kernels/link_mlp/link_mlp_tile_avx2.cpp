#include <cstdint>

#include "core/kernels/link_mlp/link_mlp_tile.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 8
#include "core/kernels/link_mlp/link_mlp_tile_loops.inl"

}  // namespace

const LinkMlpKernels& avx2_link_mlp_kernels() {
  static constexpr LinkMlpKernels kKernels{"avx2", forward, backward};
  return kKernels;
}

}  // namespace paramixer
