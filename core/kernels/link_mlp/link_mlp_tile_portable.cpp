#include <cstdint>

#include "core/kernels/link_mlp/link_mlp_tile.hpp"

namespace paramixer {
namespace {

#define PARAMIXER_LANES 4
#include "core/kernels/link_mlp/link_mlp_tile_loops.inl"

}  // namespace

const LinkMlpKernels& portable_link_mlp_kernels() {
  static constexpr LinkMlpKernels kKernels{"portable", forward, backward};
  return kKernels;
}

}  // namespace paramixer
