#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/device_block.cuh"
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

/// Factor m, or with no networks the shape of any.
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

}  // namespace

template <typename Real>
bool fused_mix_fits(const CudaFusedProblem<Real>& problem, int device) {
  constexpr std::int64_t kMaxSide = 4096;
  if (problem.networks.empty() || problem.mix.links > kMaxFusedLinks ||
      problem.mix.longest > kMaxCudaSequence || problem.inputs > kMaxSide ||
      problem.hidden > kMaxSide) {
    return false;
  }
  int limit = 0;
  check_cuda(cudaDeviceGetAttribute(&limit, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
             "asking for a device's limits");
  bool fits = false;
  with_program<LinkUse::kApply, Real>(
      fused_factor<Real>(problem, 0, nullptr), nullptr,
      [&](const auto& program) { fits = program.shared_bytes() <= limit; });
  return fits;
}

template <typename Real>
void fused_forward_cuda(const CudaFusedProblem<Real>& problem, const MixForward<Real>& buffers,
                        const CudaMixScratch<Real>& scratch, const CudaStream& stream) {
  const DeviceScope scope(stream.device);
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

template <typename Real>
void fused_links_cuda(const CudaFusedProblem<Real>& problem, std::int64_t m, Real* links,
                      const CudaStream& stream) {
  const DeviceScope scope(stream.device);
  with_program<LinkUse::kWrite>(fused_factor<Real>(problem, m, nullptr), links,
                                [&](const auto& program) { launch_program(program, stream); });
}

template bool fused_mix_fits(const CudaFusedProblem<float>&, int);
template bool fused_mix_fits(const CudaFusedProblem<Bfloat16>&, int);
template void fused_forward_cuda(const CudaFusedProblem<float>&, const MixForward<float>&,
                                 const CudaMixScratch<float>&, const CudaStream&);
template void fused_forward_cuda(const CudaFusedProblem<Bfloat16>&, const MixForward<Bfloat16>&,
                                 const CudaMixScratch<Bfloat16>&, const CudaStream&);
template void fused_links_cuda(const CudaFusedProblem<float>&, std::int64_t, float*,
                               const CudaStream&);
template void fused_links_cuda(const CudaFusedProblem<Bfloat16>&, std::int64_t, Bfloat16*,
                               const CudaStream&);

}  // namespace paramixer
