#include "core/explain/receptive_field.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kChannels = 32;  // Bins processed together: at least two full vectors.

std::vector<float> unit_vector_through(FactorProduct& product, ProductSide side,
                                       std::int64_t position, Residual residual) {
  const std::int64_t length = product.shape().length;
  if (position < 0 || position >= length) {
    throw Error("position " + std::to_string(position + 1) + " is not within the " +
                std::to_string(length) + " positions of the sequence");
  }
  std::vector<float> values(static_cast<std::size_t>(length), 0.0F);
  values[static_cast<std::size_t>(position)] = 1.0F;
  product.apply(side, residual, 1, values);
  return values;
}

/// Writes the bin means of the columns [first, first + channels) of P.
void write_columns(const std::vector<float>& values, std::int64_t first, std::int64_t channels,
                   BinnedReceptiveField& field) {
  for (std::int64_t row = 0; row < field.bins(); ++row) {
    const std::int64_t begin = field.bounds[static_cast<std::size_t>(row)];
    const std::int64_t end = field.bounds[static_cast<std::size_t>(row + 1)];
    for (std::int64_t c = 0; c < channels; ++c) {
      double sum = 0.0;
      for (std::int64_t i = begin; i < end; ++i) {
        sum += values[static_cast<std::size_t>(i * channels + c)];
      }
      const auto bin = static_cast<std::size_t>(first + c);
      const auto area = static_cast<double>(end - begin) *
                        static_cast<double>(field.bounds[bin + 1] - field.bounds[bin]);
      field.means[static_cast<std::size_t>(row * field.bins() + first + c)] =
          static_cast<float>(sum / area);
    }
  }
}

}  // namespace

std::vector<float> receptive_field_row(FactorProduct& product, std::int64_t position,
                                       Residual residual) {
  return unit_vector_through(product, ProductSide::kTranspose, position, residual);
}

std::vector<float> receptive_field_column(FactorProduct& product, std::int64_t position,
                                          Residual residual) {
  return unit_vector_through(product, ProductSide::kProduct, position, residual);
}

BinnedReceptiveField binned_receptive_field(FactorProduct& product,
                                            const ReceptiveFieldBins& choice, Residual residual,
                                            const std::function<void(std::int64_t)>& progress) {
  if (choice.bins < 1 || choice.bins > kMostReceptiveFieldBins) {
    throw usage_error("a receptive field has 1 to " + std::to_string(kMostReceptiveFieldBins) +
                      " bins, not " + std::to_string(choice.bins));
  }
  const std::int64_t length = product.shape().length;
  const Window& own = choice.positions;
  if (own.start < 0 || own.length < 1 || own.start + own.length > length) {
    throw Error("the positions " + std::to_string(own.start + 1) + "-" +
                std::to_string(own.start + own.length) + " are not within the " +
                std::to_string(length) + " positions of the sequence");
  }
  const std::int64_t bins = std::min(choice.bins, own.length);
  BinnedReceptiveField field;
  for (std::int64_t b = 0; b <= bins; ++b) {
    field.bounds.push_back(own.start + b * own.length / bins);
  }
  field.means.resize(static_cast<std::size_t>(bins * bins));
  std::vector<float> values;
  for (std::int64_t first = 0; first < bins; first += kChannels) {
    const std::int64_t channels = std::min(kChannels, bins - first);
    values.assign(static_cast<std::size_t>(length * channels), 0.0F);
    for (std::int64_t c = 0; c < channels; ++c) {
      const auto bin = static_cast<std::size_t>(first + c);
      for (std::int64_t j = field.bounds[bin]; j < field.bounds[bin + 1]; ++j) {
        values[static_cast<std::size_t>(j * channels + c)] = 1.0F;
      }
    }
    product.apply(ProductSide::kProduct, residual, channels, values);
    write_columns(values, first, channels, field);
    if (progress) progress(first + channels);
  }
  return field;
}

}  // namespace paramixer
