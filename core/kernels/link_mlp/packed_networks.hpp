#pragma once

#include <vector>

#include "core/base/workspace.hpp"
#include "core/kernels/link_mlp/link_mlp.hpp"
#include "core/kernels/link_mlp/link_mlp_tile.hpp"

namespace paramixer {

/// Lines of a matrix: `columns` floats each, `columns` apart.
template <typename Float>
struct MatrixLines {
  Float* first = nullptr;
  std::int64_t columns = 0;
};

/// Copies `rows` lines. Lines that get longer are filled up with zeros, longer ones are cut.
void copy_lines(const MatrixLines<const float>& source, std::int64_t rows,
                const MatrixLines<float>& target);

/// Networks of one shape in the kernels' order of weights. Keeps its memory between calls.
class PackedNetworks {
 public:
  void pack(const LinkMlpShape& shape, std::span<const LinkMlpWeights<float>> networks);
  const PackedLinkMlp& operator[](std::size_t network) const { return packed_[network]; }

 private:
  Workspace memory_;
  std::vector<PackedLinkMlp> packed_;
};

/// Gradients of several networks of one shape as one thread collects them.
class CollectedGradients {
 public:
  /// Starts at zero for `networks` networks.
  void clear(const LinkMlpShape& shape, std::size_t networks);
  /// Where the kernels add.
  LinkMlpSums of(std::size_t network) const;
  /// Adds another thread's gradients of one network.
  void add(const CollectedGradients& other, std::size_t network);
  /// Writes one network's gradients in torch's layout.
  void write(std::size_t network, const LinkMlpGradients<float>& gradients) const;

 private:
  LinkMlpShape shape_{};
  std::int64_t size_ = 0;  ///< Floats a network.
  float* sums_ = nullptr;
  Workspace memory_;
};

}  // namespace paramixer
