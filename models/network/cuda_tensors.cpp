#include "models/network/cuda_tensors.hpp"

#include <algorithm>

#include <c10/core/impl/VirtualGuardImpl.h>

namespace paramixer {
namespace {

/// On `device`, without making the host wait for it.
torch::Tensor upload(const std::vector<std::int64_t>& numbers, const torch::Device& device) {
  const auto pinned = torch::TensorOptions(torch::kInt64).pinned_memory(true);
  const torch::Tensor staged = torch::empty({static_cast<std::int64_t>(numbers.size())}, pinned);
  std::copy(numbers.begin(), numbers.end(), staged.mutable_data_ptr<std::int64_t>());
  return staged.to(device, torch::kInt64, /*non_blocking=*/true);
}

}  // namespace

CudaStream current_cuda_stream(const torch::Device& device) {
  const c10::impl::VirtualGuardImpl guard(torch::kCUDA);
  return {device.index(), guard.getStream(device).native_handle()};
}

bool cuda_kernels_take(const torch::Tensor& values_te, at::ArrayRef<torch::Tensor> others) {
  if (!values_te.is_cuda()) return false;
  const auto type = values_te.scalar_type();
  if (type != torch::kFloat && type != torch::kBFloat16) return false;
  return std::all_of(others.begin(), others.end(),
                     [&](const torch::Tensor& other) {
                       return other.device() == values_te.device() && other.scalar_type() == type;
                     }) &&
         cuda_kernels_run_on(values_te.device().index());
}

torch::Tensor kernel_operand(const torch::Tensor& tensor) {
  constexpr std::uintptr_t kAlignment = 16;
  const torch::Tensor contiguous = tensor.contiguous();
  const auto address = reinterpret_cast<std::uintptr_t>(contiguous.const_data_ptr());
  return address % kAlignment == 0 ? contiguous : contiguous.clone();
}

CudaPlan::CudaPlan(const MixPlan& plan, const torch::Device& device)
    : starts(upload(plan.starts, device)),
      offsets(upload(plan.pattern.offsets(), device)),
      positions(plan.starts.back()),
      longest(0),
      links(plan.pattern.links()),
      boundary(plan.boundary) {
  for (std::size_t b = 0; b + 1 < plan.starts.size(); ++b) {
    longest = std::max(longest, plan.starts[b + 1] - plan.starts[b]);
  }
}

}  // namespace paramixer
