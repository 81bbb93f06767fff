#include <algorithm>
#include <type_traits>

#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/device_block.cuh"
#include "core/kernels/cuda/fused_cluster_launch.hpp"
#include "core/kernels/cuda/fused_cuda.hpp"

namespace paramixer {
namespace {

extern __shared__ __align__(16) unsigned char fused_shared[];

template <LinkUse kUse, int kLinkTiles, typename Real>
__global__ void __launch_bounds__(FusedBlock<kUse, kLinkTiles, Real>::kThreads, 2)
    fused_kernel(const __grid_constant__ FusedBlock<kUse, kLinkTiles, Real> program) {
  DeviceBlock<typename FusedBlock<kUse, kLinkTiles, Real>::Thread> block(fused_shared);
  program.run(blockIdx.x, block);
}

constexpr std::int64_t kMaxFusedLinks = 32;

/// Calls work(program) with the kernel's program for this many links.
template <LinkUse kUse, typename Real, typename Work>
void with_program(const FusedFactor<Real>& fused, Real* out, Work&& work) {
  if (fused.factor.links.links <= 16) {
    work(FusedBlock<kUse, 2, Real>{fused, out});
  } else {
    work(FusedBlock<kUse, 4, Real>{fused, out});
  }
}

template <LinkUse kUse, int kLinkTiles, typename Real>
void launch_program(const FusedBlock<kUse, kLinkTiles, Real>& program, const CudaStream& stream) {
  using Program = FusedBlock<kUse, kLinkTiles, Real>;
  const std::int64_t positions = program.fused.factor.links.positions;
  launch(fused_kernel<kUse, kLinkTiles, Real>,
         {(positions + Program::kPositions - 1) / Program::kPositions, Program::kThreads,
          program.shared_bytes()},
         stream, "the fused kernel", program);
}

template <typename Real>
FusedFactor<Real> fused_factor(const CudaFusedProblem<Real>& problem, std::int64_t m,
                               const Real* values) {
  const CudaMixProblem<Real>& mix = problem.mix;
  const CudaLinks links{mix.starts,    mix.offsets + m * mix.links,          mix.sequences,
                        mix.positions, static_cast<std::int32_t>(mix.links), mix.boundary};
  return {{links, mix.channels, nullptr, nullptr, values},
          problem.networks[static_cast<std::size_t>(m)],
          problem.rows,
          static_cast<std::int32_t>(problem.inputs),
          static_cast<std::int32_t>(problem.hidden)};
}

FusedClusterMix cluster_mix(const CudaFusedProblem<Bfloat16>& problem) {
  FusedClusterMix mix{};
  mix.links = fused_factor<Bfloat16>(problem, 0, nullptr).factor.links;
  mix.rows = problem.rows;
  mix.inputs = static_cast<std::int32_t>(problem.inputs);
  mix.hidden = static_cast<std::int32_t>(problem.hidden);
  mix.factors = static_cast<std::int32_t>(problem.networks.size());
  std::copy(problem.networks.begin(), problem.networks.end(), mix.networks);
  return mix;
}

/// Blocks of a cluster that carries `problem` on the chip, or 0.
template <typename Real>
std::int64_t cluster_blocks(const CudaFusedProblem<Real>& problem, int device) {
  if constexpr (std::is_same_v<Real, Bfloat16>) {
    if (problem.networks.empty() || problem.networks.size() > kMaxCudaFactors) return 0;
    return fused_cluster_blocks(cluster_mix(problem), problem.mix.channels, problem.mix.longest,
                                device);
  } else {
    return 0;
  }
}

template <typename Real>
void forward_by_factor(const CudaFusedProblem<Real>& problem, const MixForward<Real>& buffers,
                       const CudaMixScratch<Real>& scratch, const CudaStream& stream) {
  const auto factors = static_cast<std::int64_t>(problem.networks.size());
  const Real* values = buffers.input;
  for (std::int64_t m = 0; m < factors; ++m) {
    // Without states, output and scratch take turns so that the last factor meets the output.
    Real* out = (factors - 1 - m) % 2 == 0 ? buffers.output : scratch.values;
    if (buffers.states != nullptr && m + 1 < factors) {
      out = buffers.states + m * problem.mix.values();
    }
    with_program<LinkUse::kApply>(fused_factor(problem, m, values), out,
                                  [&](const auto& program) { launch_program(program, stream); });
    values = out;
  }
}

}  // namespace

template <typename Real>
bool fused_mix_fits(const FusedShape& shape, int device) {
  constexpr std::int64_t kMaxSide = 4096;
  if (shape.links > kMaxFusedLinks || shape.longest > kMaxCudaSequence || shape.inputs > kMaxSide ||
      shape.hidden > kMaxSide) {
    return false;
  }
  const int limit = device_attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, device);
  FusedFactor<Real> fused{};
  fused.factor.links.links = static_cast<std::int32_t>(shape.links);
  fused.inputs = static_cast<std::int32_t>(shape.inputs);
  fused.hidden = static_cast<std::int32_t>(shape.hidden);
  bool fits = false;
  with_program<LinkUse::kApply, Real>(
      fused, nullptr, [&](const auto& program) { fits = program.shared_bytes() <= limit; });
  return fits;
}

template <typename Real>
bool fused_fits_on_chip(const CudaFusedProblem<Real>& problem, int device) {
  return cluster_blocks(problem, device) > 0;
}

template <typename Real>
CudaMixPath choose_fused_path(const CudaFusedProblem<Real>& problem, int device) {
  const std::int64_t blocks = problem.mix.sequences * cluster_blocks(problem, device);
  return blocks > 0 && fills_device(blocks, device) ? CudaMixPath::kOnChip
                                                    : CudaMixPath::kPerFactor;
}

template <typename Real>
void fused_forward_cuda(const CudaFusedProblem<Real>& problem, const MixForward<Real>& buffers,
                        const CudaMixScratch<Real>& scratch, CudaMixPath path,
                        const CudaStream& stream) {
  const DeviceScope scope(stream.device);
  if constexpr (std::is_same_v<Real, Bfloat16>) {
    if (path == CudaMixPath::kOnChip) {
      FusedClusterMix mix = cluster_mix(problem);
      mix.input = buffers.input;
      mix.output = buffers.output;
      mix.states = buffers.states;
      launch_fused_cluster(mix, problem.mix.channels, problem.mix.longest, stream);
      return;
    }
  }
  forward_by_factor(problem, buffers, scratch, stream);
}

template <typename Real>
void fused_links_cuda(const CudaFusedProblem<Real>& problem, std::int64_t m, Real* links,
                      const CudaStream& stream) {
  const DeviceScope scope(stream.device);
  with_program<LinkUse::kWrite>(fused_factor<Real>(problem, m, nullptr), links,
                                [&](const auto& program) { launch_program(program, stream); });
}

template bool fused_mix_fits<float>(const FusedShape&, int);
template bool fused_mix_fits<Bfloat16>(const FusedShape&, int);
template bool fused_fits_on_chip(const CudaFusedProblem<float>&, int);
template bool fused_fits_on_chip(const CudaFusedProblem<Bfloat16>&, int);
template CudaMixPath choose_fused_path(const CudaFusedProblem<float>&, int);
template CudaMixPath choose_fused_path(const CudaFusedProblem<Bfloat16>&, int);
template void fused_forward_cuda(const CudaFusedProblem<float>&, const MixForward<float>&,
                                 const CudaMixScratch<float>&, CudaMixPath, const CudaStream&);
template void fused_forward_cuda(const CudaFusedProblem<Bfloat16>&, const MixForward<Bfloat16>&,
                                 const CudaMixScratch<Bfloat16>&, CudaMixPath, const CudaStream&);
template void fused_links_cuda(const CudaFusedProblem<float>&, std::int64_t, float*,
                               const CudaStream&);
template void fused_links_cuda(const CudaFusedProblem<Bfloat16>&, std::int64_t, Bfloat16*,
                               const CudaStream&);

}  // namespace paramixer
