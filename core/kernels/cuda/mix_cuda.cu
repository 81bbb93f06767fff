#include <algorithm>

#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/factor_launch.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kPositionsPerSplit = 512;
constexpr std::int64_t kMaxSplits = 1024;

/// The on-chip kernel's shape for `problem`, if it can carry it.
template <typename Real>
std::optional<OnChipShape> shape_of(const CudaMixProblem<Real>& problem, int device) {
  if (problem.factors() == 0 || !problem.weights.folded()) return std::nullopt;
  return on_chip_shape<Real>({problem.longest, problem.links, problem.weights.rows,
                              problem.channels,
                              device_attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin, device)});
}

/// Bytes of one position's channels.
template <typename Real>
std::int64_t row_bytes(const CudaMixProblem<Real>& problem) {
  return problem.channels * static_cast<std::int64_t>(sizeof(Real));
}

template <typename Real>
std::int64_t row_splits(const CudaMixProblem<Real>& problem) {
  const std::int64_t rows = std::max<std::int64_t>(1, problem.weights.rows);
  return std::clamp<std::int64_t>(problem.positions / rows / kPositionsPerSplit, 1, kMaxSplits);
}

template <typename Real>
CudaLinks links_of(const CudaMixProblem<Real>& problem, std::int64_t m) {
  return {problem.starts,    problem.offsets + m * problem.links,      problem.sequences,
          problem.positions, static_cast<std::int32_t>(problem.links), problem.boundary};
}

template <typename Real>
const std::int32_t* rows_of(const CudaMixProblem<Real>& problem) {
  return problem.weights.folded() ? problem.weights.row_of.data() : nullptr;
}

template <typename Real>
CudaFactor<Real> factor_of(const CudaMixProblem<Real>& problem, std::int64_t m,
                           const Real* values) {
  return {links_of(problem, m), problem.channels, problem.weights.weights[m], rows_of(problem),
          values};
}

template <typename Real>
void check(const CudaMixProblem<Real>& problem) {
  if (problem.longest > kMaxCudaSequence) {
    throw Error("a sequence of " + std::to_string(problem.longest) +
                " positions is too long for the CUDA kernels; at most " +
                std::to_string(kMaxCudaSequence) + ", cut it into windows");
  }
  if (problem.factors() > kMaxCudaFactors) {
    throw Error("the CUDA kernels take at most " + std::to_string(kMaxCudaFactors) +
                " factors, not " + std::to_string(problem.factors()));
  }
}

/// The on-chip mixing from `input` to `output` by `owner`, with its states in `states` or null.
template <typename Real>
void run_on_chip(const CudaMixProblem<Real>& problem, LinkOwner owner,
                 const MixForward<Real>& buffers, const CudaStream& stream) {
  OnChipMix<Real> mix{};
  mix.links = links_of(problem, 0);
  mix.channels = problem.channels;
  mix.rows = problem.weights.rows;
  mix.factors = static_cast<std::int32_t>(problem.factors());
  mix.row_of = rows_of(problem);
  mix.input = buffers.input;
  mix.output = buffers.output;
  mix.states = buffers.states;
  mix.input_row = owner == LinkOwner::kSelf ? problem.input_row : nullptr;
  std::copy(problem.weights.weights.begin(), problem.weights.weights.end(), mix.weights);
  const std::optional<OnChipShape> shape = shape_of(problem, stream.device);
  if (!shape) throw Error("CUDA: the on-chip kernel cannot carry this batch");
  launch_on_chip(mix, owner, problem.longest, *shape, stream);
}

/// What the gradients of the links need besides the values.
template <typename Real>
struct LinkGradients {
  const CudaMixProblem<Real>& problem;
  const MixBackward<Real>& buffers;
  const CudaRowOrder& order;
  float* table;
  const CudaStream& stream;

  /// Gradient of the links of factor m, from the gradient of its output.
  void run(std::int64_t m, const Real* gradient) const {
    const Real* inputs = m == 0 ? buffers.input : buffers.states + (m - 1) * problem.values();
    const CudaFactor<Real> factor = factor_of(problem, m, gradient);
    if (!problem.weights.folded()) {
      launch_dense_gradient(factor, inputs, buffers.grad_weights[m], stream);
      return;
    }
    launch_table_gradient<Real>(
        {factor,
         inputs,
         {order.position, order.row_begin, problem.weights.rows, row_splits(problem)},
         table},
        buffers.grad_weights[m], stream);
  }
};

template <typename Real>
void copy_values(const CudaMixProblem<Real>& problem, const Real* from, Real* to,
                 const CudaStream& stream) {
  check_cuda(cudaMemcpyAsync(to, from, static_cast<std::size_t>(problem.values()) * sizeof(Real),
                             cudaMemcpyDeviceToDevice, static_cast<cudaStream_t>(stream.stream)),
             "copying values");
}

}  // namespace

std::string cuda_kernels_built_for() {
  const auto version = [](int number, int unit) {
    return std::to_string(number / unit) + "." + std::to_string(number % unit / 10);
  };
  std::string text = "CUDA " + version(CUDART_VERSION, 1000) + ", compute capability";
  for (const int capability : {__CUDA_ARCH_LIST__}) text += " " + version(capability, 100);
  return text;
}

bool cuda_kernels_run_on(int device) {
  const DeviceScope scope(device);
  cudaFuncAttributes attributes;
  const cudaError_t status = cudaFuncGetAttributes(&attributes, any_cuda_kernel());
  if (status != cudaSuccess) cudaGetLastError();  // Asked and answered: no error for later calls.
  return status == cudaSuccess;
}

template <typename Real>
bool cuda_mix_fits_on_chip(const CudaMixProblem<Real>& problem, int device) {
  return shape_of(problem, device).has_value();
}

template <typename Real>
CudaMixPath choose_cuda_mix_path(const CudaMixProblem<Real>& problem, int device) {
  const std::optional<OnChipShape> shape = shape_of(problem, device);
  if (!shape) return CudaMixPath::kPerFactor;
  const std::int64_t blocks = problem.sequences * (row_bytes(problem) / shape->bytes_per_position);
  return fills_device(blocks, device) ? CudaMixPath::kOnChip : CudaMixPath::kPerFactor;
}

template <typename Real>
std::int64_t cuda_table_scratch(const CudaMixProblem<Real>& problem) {
  return problem.weights.folded() ? problem.weights.rows * row_splits(problem) * problem.links : 0;
}

template <typename Real>
void copy_rows_cuda(const CudaRowCopy<Real>& copy, const CudaStream& stream) {
  if (copy.positions == 0) return;
  const DeviceScope scope(stream.device);
  // A factor without links.
  CudaFactor<Real> factor{};
  factor.links.positions = copy.positions;
  factor.channels = copy.channels;
  factor.values = copy.per_row;
  factor.value_row = copy.row_of;
  launch_gather(factor, LinkOwner::kSelf, copy.out, stream);
}

template <typename Real>
void mix_forward_cuda(const CudaMixProblem<Real>& problem, const MixForward<Real>& buffers,
                      const CudaMixScratch<Real>& scratch, CudaMixPath path,
                      const CudaStream& stream) {
  check(problem);
  if (problem.positions == 0) return;
  const DeviceScope scope(stream.device);
  const std::int64_t factors = problem.factors();
  if (factors == 0 && problem.input_row != nullptr) {
    return copy_rows_cuda<Real>(
        {buffers.input, problem.input_row, problem.positions, problem.channels, buffers.output},
        stream);
  }
  if (factors == 0) return copy_values(problem, buffers.input, buffers.output, stream);
  if (path == CudaMixPath::kOnChip) {
    return run_on_chip(problem, LinkOwner::kSelf, buffers, stream);
  }
  const Real* values = buffers.input;
  for (std::int64_t m = 0; m < factors; ++m) {
    // Without states, output and scratch take turns so that the last factor meets the output.
    Real* out = (factors - 1 - m) % 2 == 0 ? buffers.output : scratch.values;
    if (buffers.states != nullptr && m + 1 < factors) {
      out = buffers.states + m * problem.values();
    }
    CudaFactor<Real> factor = factor_of(problem, m, values);
    if (m == 0) factor.value_row = problem.input_row;
    launch_gather(factor, LinkOwner::kSelf, out, stream);
    values = out;
  }
}

template <typename Real>
void mix_backward_cuda(const CudaMixProblem<Real>& problem, const MixBackward<Real>& buffers,
                       const CudaRowOrder& order, const CudaMixScratch<Real>& scratch,
                       CudaMixPath path, const CudaStream& stream) {
  check(problem);
  const DeviceScope scope(stream.device);
  const std::int64_t factors = problem.factors();
  if (problem.positions > 0 && factors == 0) {
    return copy_values(problem, buffers.grad_output, buffers.grad_input, stream);
  }
  const LinkGradients<Real> links{problem, buffers, order, scratch.table, stream};
  if (path == CudaMixPath::kOnChip) {
    run_on_chip(problem, LinkOwner::kNeighbour,
                {buffers.grad_output, buffers.grad_input, scratch.values}, stream);
    for (std::int64_t m = 0; m < factors; ++m) {
      links.run(m, m + 1 == factors ? buffers.grad_output : scratch.values + m * problem.values());
    }
    return;
  }
  const Real* gradient = buffers.grad_output;
  for (std::int64_t m = factors - 1; m >= 0; --m) {
    links.run(m, gradient);
    Real* out = m % 2 == 0 ? buffers.grad_input : scratch.values;
    launch_gather(factor_of(problem, m, gradient), LinkOwner::kNeighbour, out, stream);
    gradient = out;
  }
}

template void copy_rows_cuda(const CudaRowCopy<float>&, const CudaStream&);
template void copy_rows_cuda(const CudaRowCopy<Bfloat16>&, const CudaStream&);
template bool cuda_mix_fits_on_chip(const CudaMixProblem<float>&, int);
template bool cuda_mix_fits_on_chip(const CudaMixProblem<Bfloat16>&, int);
template CudaMixPath choose_cuda_mix_path(const CudaMixProblem<float>&, int);
template CudaMixPath choose_cuda_mix_path(const CudaMixProblem<Bfloat16>&, int);
template std::int64_t cuda_table_scratch(const CudaMixProblem<float>&);
template std::int64_t cuda_table_scratch(const CudaMixProblem<Bfloat16>&);
template void mix_forward_cuda(const CudaMixProblem<float>&, const MixForward<float>&,
                               const CudaMixScratch<float>&, CudaMixPath, const CudaStream&);
template void mix_forward_cuda(const CudaMixProblem<Bfloat16>&, const MixForward<Bfloat16>&,
                               const CudaMixScratch<Bfloat16>&, CudaMixPath, const CudaStream&);
template void mix_backward_cuda(const CudaMixProblem<float>&, const MixBackward<float>&,
                                const CudaRowOrder&, const CudaMixScratch<float>&, CudaMixPath,
                                const CudaStream&);
template void mix_backward_cuda(const CudaMixProblem<Bfloat16>&, const MixBackward<Bfloat16>&,
                                const CudaRowOrder&, const CudaMixScratch<Bfloat16>&, CudaMixPath,
                                const CudaStream&);

}  // namespace paramixer
