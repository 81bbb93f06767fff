#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/device_cluster.cuh"
#include "core/kernels/cuda/fused_cluster_launch.hpp"

namespace paramixer {
namespace {

extern __shared__ __align__(16) unsigned char cluster_shared[];

template <int kVectors, int kTiles>
__global__ void __launch_bounds__(FusedCluster<kVectors, kTiles>::kThreads, 1)
    fused_cluster_kernel(const __grid_constant__ FusedCluster<kVectors, kTiles> program) {
  DeviceCluster<typename FusedCluster<kVectors, kTiles>::Thread> cluster(cluster_shared);
  program.run(cluster.number(), cluster);
}

/// Calls work(program) with the program for this many channels; false when there is none.
template <typename Work>
bool with_program(const FusedClusterMix& mix, std::int64_t channels, Work&& work) {
  // Either way 128 KiB of values and half of that of links, or less.
  if (channels == 32) {
    work(FusedCluster<4, 8>{mix});
  } else if (channels == 64) {
    work(FusedCluster<8, 4>{mix});
  } else {
    return false;
  }
  return true;
}

template <int kVectors, int kTiles>
LaunchShape shape_for(const FusedCluster<kVectors, kTiles>& program, std::int64_t longest) {
  using Program = FusedCluster<kVectors, kTiles>;
  const std::int64_t cluster =
      longest <= Program::kPositions ? 1 : (longest - 1) / Program::kPositions + 1;
  return {program.mix.links.sequences * cluster, Program::kThreads, program.shared_bytes(),
          static_cast<std::int32_t>(cluster)};
}

/// Whether the sizes are those the program is made for, and the device can hold one cluster.
template <int kVectors, int kTiles>
bool can_run(const FusedCluster<kVectors, kTiles>& program, std::int64_t longest) {
  using Program = FusedCluster<kVectors, kTiles>;
  const FusedClusterMix& mix = program.mix;
  if (longest > Program::kMaxLength || mix.links.links > Program::kLinks ||
      mix.inputs > Program::kInputs || mix.inputs % 8 != 0) {
    return false;
  }
  const auto kernel = fused_cluster_kernel<kVectors, kTiles>;
  LaunchShape shape = shape_for(program, longest);
  shape.blocks = shape.cluster;
  if (allow_shared_bytes(kernel, shape.shared_bytes) != cudaSuccess) {
    cudaGetLastError();  // Asked and answered: no error for later calls.
    return false;
  }
  int clusters = 0;
  const LaunchConfig config(shape, {});
  if (cudaOccupancyMaxActiveClusters(&clusters, kernel, config.get()) != cudaSuccess) {
    cudaGetLastError();
    return false;
  }
  return clusters > 0;
}

}  // namespace

std::int64_t fused_cluster_blocks(const FusedClusterMix& mix, std::int64_t channels,
                                  std::int64_t longest, int device) {
  if (device_attribute(cudaDevAttrClusterLaunch, device) == 0) return 0;
  const DeviceScope scope(device);
  std::int64_t blocks = 0;
  with_program(mix, channels, [&](const auto& program) {
    if (can_run(program, longest)) blocks = shape_for(program, longest).cluster;
  });
  return blocks;
}

void launch_fused_cluster(const FusedClusterMix& mix, std::int64_t channels, std::int64_t longest,
                          const CudaStream& stream) {
  with_program(mix, channels,
               [&]<int kVectors, int kTiles>(const FusedCluster<kVectors, kTiles>& program) {
                 launch(fused_cluster_kernel<kVectors, kTiles>, shape_for(program, longest), stream,
                        "the fused on-chip kernel", program);
               });
}

}  // namespace paramixer
