#pragma once

#include <torch/torch.h>

namespace paramixer {

/// Row rows_t[t] (int32) of per_row [R, E] for every position: [T, E]. Differentiable in `per_row`;
/// on the CPU in float32 its gradient is summed in the order of positions for any number of
/// threads, so the result does not depend on them.
torch::Tensor at_positions(const torch::Tensor& per_row, const torch::Tensor& rows_t);

}  // namespace paramixer
