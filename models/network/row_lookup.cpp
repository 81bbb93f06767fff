#include "models/network/row_lookup.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <ATen/Parallel.h>

#if defined(PARAMIXER_WITH_CUDA)
#include "models/network/cuda_tensors.hpp"
#include "models/network/mix_function_cuda.hpp"
#endif

namespace paramixer {
namespace {

/// Positions sorted by row, in order within a row.
struct PositionsByRow {
  PositionsByRow(const torch::Tensor& rows_t, std::int64_t rows)
      : begin(static_cast<std::size_t>(rows) + 1),
        position(static_cast<std::size_t>(rows_t.numel())) {
    const auto* row_of = rows_t.const_data_ptr<std::int32_t>();
    for (std::size_t t = 0; t < position.size(); ++t) {
      ++begin[static_cast<std::size_t>(row_of[t]) + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::int64_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t t = 0; t < position.size(); ++t) {
      position[static_cast<std::size_t>(next[static_cast<std::size_t>(row_of[t])]++)] =
          static_cast<std::int64_t>(t);
    }
  }

  std::vector<std::int64_t> begin;     ///< [R + 1], places in `position`.
  std::vector<std::int64_t> position;  ///< [T]
};

/// sums [R, E]: of grad [T, E] over every row's positions.
torch::Tensor sum_by_row(const torch::Tensor& grad_te, const torch::Tensor& rows_t,
                         std::int64_t rows) {
  const PositionsByRow order(rows_t, rows);
  const std::int64_t channels = grad_te.size(1);
  torch::Tensor sums_re = torch::empty({rows, channels}, grad_te.options());
  const auto* grad = grad_te.const_data_ptr<float>();
  auto* sums = sums_re.mutable_data_ptr<float>();
  at::parallel_for(0, rows, /*grain_size=*/64, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      float* const sum = sums + row * channels;
      std::fill_n(sum, channels, 0.0F);
      const auto end = order.begin[static_cast<std::size_t>(row) + 1];
      for (auto n = order.begin[static_cast<std::size_t>(row)]; n < end; ++n) {
        const float* const own = grad + order.position[static_cast<std::size_t>(n)] * channels;
        for (std::int64_t c = 0; c < channels; ++c) sum[c] += own[c];
      }
    }
  });
  return sums_re;
}

/// torch::embedding's gradient calls an operation of ATen for every position.
class RowLookup : public torch::autograd::Function<RowLookup> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& per_row, const torch::Tensor& rows_t) {
    context->save_for_backward({rows_t});
    context->saved_data["rows"] = per_row.size(0);
    return per_row.index_select(0, rows_t);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list grads) {
    const torch::Tensor rows_t = context->get_saved_variables()[0];
    return {sum_by_row(grads[0].contiguous(), rows_t, context->saved_data["rows"].toInt()),
            torch::Tensor()};
  }
};

}  // namespace

torch::Tensor at_positions(const torch::Tensor& per_row, const torch::Tensor& rows_t) {
  const bool plain = rows_t.scalar_type() == torch::kInt32;
#if defined(PARAMIXER_WITH_CUDA)
  if (plain && !torch::GradMode::is_enabled() && cuda_kernels_take(per_row, {})) {
    return at_positions_cuda(per_row, rows_t);
  }
#endif
  if (plain && per_row.is_cpu() && per_row.scalar_type() == torch::kFloat) {
    return RowLookup::apply(per_row, rows_t.contiguous());
  }
  return torch::embedding(per_row, rows_t);
}

}  // namespace paramixer
