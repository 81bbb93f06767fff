#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/thread_pool.hpp"
#include "core/base/workspace.hpp"
#include "core/explain/link_source.hpp"
#include "core/kernels/mix/segment_cache.hpp"

namespace paramixer {

/// P, the product of all factors, or its transpose.
enum class ProductSide {
  kProduct,    ///< Maps inputs of the factors to outputs.
  kTranspose,  ///< Shows what the outputs take from the inputs.
};

template <>
struct EnumNames<ProductSide> {
  static constexpr const char* kWhat = "value of --side";
  static constexpr EnumName<ProductSide> kTable[] = {{ProductSide::kTranspose, "row"},
                                                     {ProductSide::kProduct, "column"}};
};

enum class Residual {
  kKeep,  ///< P = (I + W_{M-1}) ... (I + W_0), as the model computes.
  kDrop,  ///< P = W_{M-1} ... W_0.
};

/// The product of a block's factors as a linear map on values [N, channels], applied factor by
/// factor with the kernels of the mixing operation: O(N L M channels). The kernels of the backward
/// pass give the transposed product, without the gradients of the links that training needs.
/// For a fixed number of threads the result does not depend on timing. Not thread-safe.
class FactorProduct {
 public:
  /// `links` and `pool` must outlive this.
  FactorProduct(LinkSource& links, ThreadPool& pool);

  /// Called with the values after each factor, in the order of application.
  using AfterFactor = std::function<void(std::int64_t factor, std::span<const float> values)>;

  /// values <- P values, or P^T values; row-major [N, channels]. `after_factor` may be empty.
  void apply(ProductSide side, Residual residual, std::int64_t channels, std::span<float> values,
             const AfterFactor& after_factor = {});

  const LinkShape& shape() const noexcept { return links_.shape(); }

 private:
  LinkSource& links_;
  ThreadPool& pool_;
  SegmentCache to_target_;
  SegmentCache to_source_;
  Workspace output_;
  std::vector<float> weights_;
};

}  // namespace paramixer
