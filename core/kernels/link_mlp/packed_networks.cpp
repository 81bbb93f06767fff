#include "core/kernels/link_mlp/packed_networks.hpp"

#include <algorithm>

namespace paramixer {
namespace {

/// A matrix in memory, possibly read transposed: element (k, n) is at data[k * k_step + n *
/// n_step].
struct Strided {
  const float* data = nullptr;
  std::int64_t k_step = 0;
  std::int64_t n_step = 0;
};

/// Writes `source` [depth, columns] as panels and returns what follows them.
float* pack_panels(const Strided& source, std::int64_t depth, std::int64_t columns, float* target) {
  for (std::int64_t first = 0; first < columns; first += kLinkPanel) {
    const std::int64_t width = std::min(kLinkPanel, columns - first);
    for (std::int64_t k = 0; k < depth; ++k, target += kLinkPanel) {
      for (std::int64_t c = 0; c < kLinkPanel; ++c) {
        target[c] = c < width ? source.data[k * source.k_step + (first + c) * source.n_step] : 0.0F;
      }
    }
  }
  return target;
}

std::int64_t packed_size(const LinkMlpShape& shape) {
  const PaddedLinkMlpShape padded(shape);
  return shape.inputs * padded.hidden + padded.hidden + shape.hidden * padded.outputs +
         padded.outputs + shape.hidden * padded.inputs + shape.outputs * padded.hidden;
}

PackedLinkMlp packed_network(const LinkMlpShape& shape, const LinkMlpWeights<float>& weights,
                             float* memory) {
  PackedLinkMlp packed{.shape = shape};
  const auto place = [&memory](const float*& field, const Strided& source, std::int64_t depth,
                               std::int64_t columns) {
    field = memory;
    memory = pack_panels(source, depth, columns, memory);
  };
  place(packed.first_transposed, {weights.first, 1, shape.inputs}, shape.inputs, shape.hidden);
  place(packed.first_bias, {weights.first_bias, 0, 1}, 1, shape.hidden);
  place(packed.second_transposed, {weights.second, 1, shape.hidden}, shape.hidden, shape.outputs);
  place(packed.second_bias, {weights.second_bias, 0, 1}, 1, shape.outputs);
  place(packed.first, {weights.first, shape.inputs, 1}, shape.hidden, shape.inputs);
  place(packed.second, {weights.second, shape.hidden, 1}, shape.outputs, shape.hidden);
  return packed;
}

std::int64_t sums_size(const LinkMlpShape& shape) {
  const PaddedLinkMlpShape padded(shape);
  return shape.hidden * (padded.inputs + padded.outputs) + padded.hidden + padded.outputs;
}

LinkMlpSums sums_at(const LinkMlpShape& shape, float* memory) {
  const PaddedLinkMlpShape padded(shape);
  LinkMlpSums sums;
  sums.first = memory;
  sums.second = sums.first + shape.hidden * padded.inputs;
  sums.first_bias = sums.second + shape.hidden * padded.outputs;
  sums.second_bias = sums.first_bias + padded.hidden;
  return sums;
}

}  // namespace

void copy_lines(const MatrixLines<const float>& source, std::int64_t rows,
                const MatrixLines<float>& target) {
  const std::int64_t width = std::min(source.columns, target.columns);
  for (std::int64_t r = 0; r < rows; ++r) {
    float* line = target.first + r * target.columns;
    std::copy_n(source.first + r * source.columns, width, line);
    std::fill(line + width, line + target.columns, 0.0F);
  }
}

void PackedNetworks::pack(const LinkMlpShape& shape,
                          std::span<const LinkMlpWeights<float>> networks) {
  const std::int64_t size = packed_size(shape);
  float* memory = memory_.floats(size * std::ssize(networks));
  packed_.resize(networks.size());
  for (std::size_t m = 0; m < networks.size(); ++m) {
    packed_[m] = packed_network(shape, networks[m], memory + static_cast<std::int64_t>(m) * size);
  }
}

void CollectedGradients::clear(const LinkMlpShape& shape, std::size_t networks) {
  shape_ = shape;
  size_ = sums_size(shape);
  const std::int64_t all = size_ * static_cast<std::int64_t>(networks);
  sums_ = memory_.floats(all);
  std::fill_n(sums_, all, 0.0F);
}

LinkMlpSums CollectedGradients::of(std::size_t network) const {
  return sums_at(shape_, sums_ + static_cast<std::int64_t>(network) * size_);
}

void CollectedGradients::add(const CollectedGradients& other, std::size_t network) {
  const std::int64_t first = static_cast<std::int64_t>(network) * size_;
  for (std::int64_t i = first; i < first + size_; ++i) sums_[i] += other.sums_[i];
}

void CollectedGradients::write(std::size_t network,
                               const LinkMlpGradients<float>& gradients) const {
  const PaddedLinkMlpShape padded(shape_);
  const LinkMlpSums sums = of(network);
  copy_lines({sums.first, padded.inputs}, shape_.hidden, {gradients.first, shape_.inputs});
  std::copy_n(sums.first_bias, shape_.hidden, gradients.first_bias);
  std::copy_n(sums.second_bias, shape_.outputs, gradients.second_bias);
  for (std::int64_t l = 0; l < shape_.outputs; ++l) {
    for (std::int64_t h = 0; h < shape_.hidden; ++h) {
      gradients.second[l * shape_.hidden + h] = sums.second[h * padded.outputs + l];
    }
  }
}

}  // namespace paramixer
