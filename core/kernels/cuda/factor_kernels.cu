#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/factor_launch.hpp"

namespace paramixer {
namespace {

template <LinkOwner kOwner, ValuesFrom kFrom, int kChannels, typename Real>
__global__ void __launch_bounds__(PositionTile::kThreads, 4)
    gather_kernel(const __grid_constant__ CudaFactor<Real> factor, PositionTile tile, Real* out) {
  tile.visit(blockIdx.x, static_cast<std::int32_t>(threadIdx.x), factor.links.positions,
             [&](std::int64_t position, std::int64_t item) {
               gather_channels<kOwner, kChannels, kFrom>(factor, position, item * kChannels, out);
             });
}

template <int kChannels, typename Real>
__global__ void __launch_bounds__(PositionTile::kThreads)
    dense_gradient_kernel(const __grid_constant__ CudaFactor<Real> factor, PositionTile tile,
                          const Real* inputs, Real* grad) {
  tile.visit(blockIdx.x, static_cast<std::int32_t>(threadIdx.x), factor.links.positions,
             [&](std::int64_t position, std::int64_t item) {
               const auto k = static_cast<std::int32_t>(item);
               grad[position * factor.links.links + k] =
                   from_float<Real>(link_gradient<kChannels>(factor, inputs, position, k));
             });
}

template <int kChannels, typename Real>
__global__ void __launch_bounds__(TableGradientBlock<Real>::kThreads)
    table_gradient_kernel(const __grid_constant__ TableGradientBlock<Real> block) {
  __shared__ float sums[TableGradientBlock<Real>::kThreads];
  const auto thread = static_cast<std::int32_t>(threadIdx.x);
  sums[thread] = block.template thread_sum<kChannels>(blockIdx.x, thread);
  __syncthreads();
  block.write_sum(blockIdx.x, thread, sums);
}

template <typename Real>
__global__ void __launch_bounds__(PositionTile::kThreads)
    add_splits_kernel(const float* partial, std::int64_t splits, std::int32_t links,
                      std::int64_t entries, Real* table) {
  const std::int64_t entry = std::int64_t{blockIdx.x} * PositionTile::kThreads + threadIdx.x;
  if (entry < entries) add_splits(partial, splits, links, entry, table);
}

template <LinkOwner kOwner, ValuesFrom kFrom, int kChannels, typename Real>
void launch_gather_as(const CudaFactor<Real>& factor, Real* out, const CudaStream& stream) {
  const PositionTile tile(factor.channels / kChannels);
  launch(gather_kernel<kOwner, kFrom, kChannels, Real>,
         {tile.blocks(factor.links.positions), PositionTile::kThreads}, stream,
         "the kernel of one factor", factor, tile, out);
}

template <LinkOwner kOwner, ValuesFrom kFrom, typename Real>
void launch_gather_from(const CudaFactor<Real>& factor, Real* out, const CudaStream& stream) {
  constexpr int kWide = kWideChannels<Real>;
  factor.channels % kWide == 0 ? launch_gather_as<kOwner, kFrom, kWide>(factor, out, stream)
                               : launch_gather_as<kOwner, kFrom, 1>(factor, out, stream);
}

template <int kChannels, typename Real>
void launch_dense_gradient_as(const CudaFactor<Real>& factor, const Real* inputs, Real* grad,
                              const CudaStream& stream) {
  const PositionTile tile(factor.links.links);
  launch(dense_gradient_kernel<kChannels, Real>,
         {tile.blocks(factor.links.positions), PositionTile::kThreads}, stream,
         "the kernel of the link gradients", factor, tile, inputs, grad);
}

}  // namespace

const void* any_cuda_kernel() { return reinterpret_cast<const void*>(add_splits_kernel<float>); }

template <typename Real>
void launch_gather(const CudaFactor<Real>& factor, LinkOwner owner, Real* out,
                   const CudaStream& stream) {
  constexpr auto kPosition = ValuesFrom::kPosition;
  if (owner == LinkOwner::kNeighbour) {
    launch_gather_from<LinkOwner::kNeighbour, kPosition>(factor, out, stream);
  } else if (factor.value_row == nullptr) {
    launch_gather_from<LinkOwner::kSelf, kPosition>(factor, out, stream);
  } else {
    launch_gather_from<LinkOwner::kSelf, ValuesFrom::kRow>(factor, out, stream);
  }
}

template <typename Real>
void launch_dense_gradient(const CudaFactor<Real>& factor, const Real* inputs, Real* grad,
                           const CudaStream& stream) {
  constexpr int kWide = kWideChannels<Real>;
  factor.channels % kWide == 0 ? launch_dense_gradient_as<kWide>(factor, inputs, grad, stream)
                               : launch_dense_gradient_as<1>(factor, inputs, grad, stream);
}

template <typename Real>
void launch_table_gradient(const TableGradientBlock<Real>& block, Real* grad,
                           const CudaStream& stream) {
  constexpr int kWide = kWideChannels<Real>;
  const LaunchShape shape{block.order.rows * block.order.splits,
                          TableGradientBlock<Real>::kThreads};
  launch(block.factor.channels % kWide == 0 ? table_gradient_kernel<kWide, Real>
                                            : table_gradient_kernel<1, Real>,
         shape, stream, "the kernel of the table's gradient", block);
  const std::int64_t entries = block.order.rows * block.factor.links.links;
  launch(add_splits_kernel<Real>,
         {(entries + PositionTile::kThreads - 1) / PositionTile::kThreads, PositionTile::kThreads},
         stream, "the kernel that adds up the table's gradient", block.partial, block.order.splits,
         block.factor.links.links, entries, grad);
}

template void launch_gather(const CudaFactor<float>&, LinkOwner, float*, const CudaStream&);
template void launch_gather(const CudaFactor<Bfloat16>&, LinkOwner, Bfloat16*, const CudaStream&);
template void launch_dense_gradient(const CudaFactor<float>&, const float*, float*,
                                    const CudaStream&);
template void launch_dense_gradient(const CudaFactor<Bfloat16>&, const Bfloat16*, Bfloat16*,
                                    const CudaStream&);
template void launch_table_gradient(const TableGradientBlock<float>&, float*, const CudaStream&);
template void launch_table_gradient(const TableGradientBlock<Bfloat16>&, Bfloat16*,
                                    const CudaStream&);

}  // namespace paramixer
