#pragma once

#include <vector>

#include <torch/torch.h>

#include "core/kernels/cuda/mix_cuda.hpp"
#include "models/network/mix_function.hpp"

namespace paramixer {

/// The stream on which torch queues this thread's work on `device`. Needs no CUDA library of torch
/// at link time.
CudaStream current_cuda_stream(const torch::Device& device);

/// A C++ type of the kernels by a tensor's type: calls work(Real{}) for float32 or bfloat16.
template <typename Work>
auto with_kernel_type(torch::ScalarType type, Work&& work) {
  if (type == torch::kBFloat16) return work(Bfloat16{});
  return work(float{});
}

template <typename Real>
const Real* const_pointer(const torch::Tensor& tensor) {
  return tensor.defined() ? static_cast<const Real*>(tensor.const_data_ptr()) : nullptr;
}
template <typename Real>
Real* mutable_pointer(const torch::Tensor& tensor) {
  return tensor.defined() ? static_cast<Real*>(tensor.mutable_data_ptr()) : nullptr;
}

/// Whether the CUDA kernels take tensors like `values_te` together with all `others`: one device
/// they were compiled for, one type, float32 or bfloat16.
bool cuda_kernels_take(const torch::Tensor& values_te, at::ArrayRef<torch::Tensor> others);

/// `tensor` as the kernels need it: contiguous and aligned to 16 bytes, which a part of a larger
/// tensor may not be.
torch::Tensor kernel_operand(const torch::Tensor& tensor);

/// Starts and offsets of a plan on a device.
struct CudaPlan {
  CudaPlan(const MixPlan& plan, const torch::Device& device);

  torch::Tensor starts;   ///< [B + 1] int64
  torch::Tensor offsets;  ///< [M, L] int64
  std::int64_t positions;
  std::int64_t longest;
  std::int64_t links;
  Boundary boundary;

  /// The problem for `values_te`, without weights so far.
  template <typename Real>
  CudaMixProblem<Real> problem(const torch::Tensor& values_te) const {
    CudaMixProblem<Real> problem;
    problem.boundary = boundary;
    problem.starts = const_pointer<std::int64_t>(starts);
    problem.offsets = const_pointer<std::int64_t>(offsets);
    problem.sequences = starts.numel() - 1;
    problem.positions = positions;
    problem.longest = longest;
    problem.channels = values_te.size(1);
    problem.links = links;
    return problem;
  }
};

}  // namespace paramixer
