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
constexpr int kShortSlots = 8;
constexpr int kLongWords = 2;
constexpr int kLongSlots = 16;
constexpr std::int64_t kShortLength = 8192;

template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
void launch_shape(const OnChipMix<Real>& mix, std::int64_t longest, const CudaStream& stream) {
  using Program = OnChipBlock<kOwner, kWords, kSlots, Real>;
  launch(on_chip_kernel<kOwner, kWords, kSlots, Real>,
         {mix.links.sequences * (mix.channels / Program::kChannels), Program::kThreads,
          Program::shared_bytes(longest, mix.links.links, mix.rows)},
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

template <typename Real>
OnChipShape on_chip_shape(std::int64_t longest, std::int64_t links, std::int64_t rows) {
  const auto shape = [&]<int kWords, int kSlots>() -> OnChipShape {
    using Program = OnChipBlock<LinkOwner::kSelf, kWords, kSlots, Real>;
    return {4 * kWords, Program::shared_bytes(longest, links, rows)};
  };
  return longest <= kShortLength ? shape.template operator()<kShortWords, kShortSlots>()
                                 : shape.template operator()<kLongWords, kLongSlots>();
}

template OnChipShape on_chip_shape<float>(std::int64_t, std::int64_t, std::int64_t);
template OnChipShape on_chip_shape<Bfloat16>(std::int64_t, std::int64_t, std::int64_t);
template void launch_on_chip(const OnChipMix<float>&, LinkOwner, std::int64_t, const CudaStream&);
template void launch_on_chip(const OnChipMix<Bfloat16>&, LinkOwner, std::int64_t,
                             const CudaStream&);

}  // namespace paramixer
