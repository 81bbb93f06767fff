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

// Two shapes with the same registers: 16 bytes per position up to 8,192 positions (links are looked
// up for twice the channels), or 8 bytes.
constexpr int kShortWords = 4;
constexpr int kShortSlots = 8;
constexpr int kLongWords = 2;
constexpr int kLongSlots = 16;

template <LinkOwner kOwner, int kWords, int kSlots, typename Real>
void launch_shape(const OnChipMix<Real>& mix, std::int64_t longest, const CudaStream& stream) {
  using Program = OnChipBlock<kOwner, kWords, kSlots, Real>;
  launch(on_chip_kernel<kOwner, kWords, kSlots, Real>,
         {mix.links.sequences * (mix.channels / Program::kChannels), Program::kThreads,
          Program::shared_bytes(longest, mix.links.links, mix.rows)},
         stream, "the on-chip kernel", Program{mix, longest});
}

template <LinkOwner kOwner, typename Real>
void launch_owner(const OnChipMix<Real>& mix, std::int64_t longest, const OnChipShape& shape,
                  const CudaStream& stream) {
  if (shape.bytes_per_position == 4 * kShortWords) {
    launch_shape<kOwner, kShortWords, kShortSlots>(mix, longest, stream);
  } else {
    launch_shape<kOwner, kLongWords, kLongSlots>(mix, longest, stream);
  }
}

}  // namespace

template <typename Real>
void launch_on_chip(const OnChipMix<Real>& mix, LinkOwner owner, std::int64_t longest,
                    const OnChipShape& shape, const CudaStream& stream) {
  if (owner == LinkOwner::kSelf) {
    launch_owner<LinkOwner::kSelf>(mix, longest, shape, stream);
  } else {
    launch_owner<LinkOwner::kNeighbour>(mix, longest, shape, stream);
  }
}

template <typename Real>
std::optional<OnChipShape> on_chip_shape(const OnChipSizes& sizes) {
  const auto fits = [&]<int kWords, int kSlots>() {
    using Program = OnChipBlock<LinkOwner::kSelf, kWords, kSlots, Real>;
    return sizes.longest <= Program::kMaxLength && sizes.channels % Program::kChannels == 0 &&
           Program::shared_bytes(sizes.longest, sizes.links, sizes.rows) <= sizes.shared_bytes;
  };
  if (fits.template operator()<kShortWords, kShortSlots>()) return OnChipShape{4 * kShortWords};
  if (fits.template operator()<kLongWords, kLongSlots>()) return OnChipShape{4 * kLongWords};
  return std::nullopt;
}

template std::optional<OnChipShape> on_chip_shape<float>(const OnChipSizes&);
template std::optional<OnChipShape> on_chip_shape<Bfloat16>(const OnChipSizes&);
template void launch_on_chip(const OnChipMix<float>&, LinkOwner, std::int64_t, const OnChipShape&,
                             const CudaStream&);
template void launch_on_chip(const OnChipMix<Bfloat16>&, LinkOwner, std::int64_t,
                             const OnChipShape&, const CudaStream&);

}  // namespace paramixer
