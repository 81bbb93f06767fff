#include "core/explain/factor_product.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "core/kernels/mix/mix_factor.hpp"

namespace paramixer {
namespace {

// Below this many values, a factor takes less time than waking the threads for it.
constexpr std::int64_t kFewValues = 1 << 17;

}  // namespace

FactorProduct::FactorProduct(LinkSource& links, ThreadPool& pool)
    : links_(links),
      pool_(pool),
      to_target_(links.shape().pattern, links.shape().boundary, LinkDirection::kToTarget),
      to_source_(links.shape().pattern, links.shape().boundary, LinkDirection::kToSource) {}

void FactorProduct::apply(ProductSide side, Residual residual, std::int64_t channels,
                          std::span<float> values, const AfterFactor& after_factor) {
  const LinkShape& own = shape();
  if (std::ssize(values) != own.length * channels) {
    throw Error("the product of the factors needs " + std::to_string(own.length) + " x " +
                std::to_string(channels) + " values, not " + std::to_string(values.size()));
  }
  const MixKernels& kernels = *available_mix_kernels().front();
  const bool transposed = side == ProductSide::kTranspose;
  const int members = own.length * channels < kFewValues ? 1 : pool_.threads();
  const auto share = [&](int part) { return own.length * part / members; };
  float* from = values.data();
  float* to = output_.floats(own.length * channels);
  for (std::int64_t step = 0; step < links_.factors(); ++step) {
    const std::int64_t m = transposed ? links_.factors() - 1 - step : step;
    const FactorWeights weights = links_.whole_factor(m, weights_);
    const auto& segments = (transposed ? to_source_ : to_target_).get(m, own.length);
    const auto work = [&](int member) {
      const auto part = clipped(segments, share(member), share(member + 1));
      const MixFactor factor{.segments = part,
                             .channels = channels,
                             .values_pitch = channels,
                             .weights_pitch = links_.links(),
                             .links = links_.links(),
                             .weights = weights.weights,
                             .row_of = weights.row_of,
                             .values = from};
      (transposed ? kernels.backward_values : kernels.forward)(factor, {to, channels});
      if (residual == Residual::kKeep) return;
      for (std::int64_t i = share(member) * channels; i < share(member + 1) * channels; ++i) {
        to[i] -= from[i];
      }
    };
    if (members == 1) {
      work(0);
    } else {
      pool_.run(work);
    }
    std::swap(from, to);
    if (after_factor) after_factor(m, {from, values.size()});
  }
  if (from != values.data()) std::copy_n(from, values.size(), values.data());
}

}  // namespace paramixer
