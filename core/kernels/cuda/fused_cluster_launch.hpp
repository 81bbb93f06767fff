#pragma once

#include "core/kernels/cuda/fused_cluster.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {

/// Blocks of one cluster for sequences up to `longest` with `channels` channels; 0 when `device`
/// cannot run the kernel that keeps a sequence in a cluster's shared memory: before compute
/// capability 9.0, or for sizes that FusedCluster does not take. Throws Error when the device
/// cannot be queried.
std::int64_t fused_cluster_blocks(const FusedClusterMix& mix, std::int64_t channels,
                                  std::int64_t longest, int device);

/// All factors at once, where fused_cluster_blocks() is not 0.
void launch_fused_cluster(const FusedClusterMix& mix, std::int64_t channels, std::int64_t longest,
                          const CudaStream& stream);

}  // namespace paramixer
