#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/device_block.cuh"
#include "core/kernels/cuda/factor_launch.hpp"

namespace paramixer {
namespace {

extern __shared__ __align__(16) unsigned char on_chip_shared[];

template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
__global__ void __launch_bounds__(OnChipBlock<kOwner, kWords, kSlots, Real>::kThreads, 1)
    on_chip_kernel(const __grid_constant__ OnChipBlock<kOwner, kWords, kSlots, Real> program) {
  DeviceBlock<typename OnChipBlock<kOwner, kWords, kSlots, Real>::Thread> block(on_chip_shared);
  program.run(blockIdx.x, block);
}

// Two shapes with the same registers: 16 bytes a position up to 8,192 positions (links are looked
// up for twice the channels), 8 bytes beyond.
constexpr int kShortWords = 4;
constexpr int kShortSlots = 16;
constexpr int kLongWords = 2;
constexpr int kLongSlots = 32;
constexpr std::int64_t kShortLength = 8192;

template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
void launch_shape(const OnChipMix<Real>& mix, std::int64_t longest, const CudaStream& stream) {
  using Program = OnChipBlock<kOwner, kWords, kSlots, Real>;
  const std::int64_t table =
      mix.table_on_chip ? Program::table_floats(mix.rows, mix.links.links) : 0;
  launch(on_chip_kernel<kOwner, kWords, kSlots, Real>,
         {mix.links.sequences * (mix.channels / Program::kChannels), Program::kThreads,
          Program::shared_bytes(longest, mix.links.links, table)},
         stream, "the on-chip kernel", Program{mix, longest});
}

template <LinkOwner kOwner, typename Real>
void launch_owner(const OnChipMix<Real>& mix, std::int64_t longest, const CudaStream& stream) {
  if (longest <= kShortLength) {
    launch_shape<kOwner, kShortWords, kShortSlots>(mix, longest, stream);
  } else {
    launch_shape<kOwner, kLongWords, kLongSlots>(mix, longest, stream);
  }
}

}  // namespace

template <typename Real>
void launch_on_chip(const OnChipMix<Real>& mix, LinkOwner owner, std::int64_t longest,
                    const CudaStream& stream) {
  if (owner == LinkOwner::kSelf) {
    launch_owner<LinkOwner::kSelf>(mix, longest, stream);
  } else {
    launch_owner<LinkOwner::kNeighbour>(mix, longest, stream);
  }
}

OnChipShape on_chip_shape(std::int64_t longest, std::int64_t links) {
  const int words = longest <= kShortLength ? kShortWords : kLongWords;
  return {4 * words, longest * 4 * words + links * 4};
}

template void launch_on_chip(const OnChipMix<float>&, LinkOwner, std::int64_t, const CudaStream&);
template void launch_on_chip(const OnChipMix<Bfloat16>&, LinkOwner, std::int64_t,
                             const CudaStream&);

}  // namespace paramixer
