#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/sequence/tokenizer.hpp"

namespace paramixer {

/// Sequences on the strand that a model reads. Canonical tokens are the same on both strands, but
/// in the opposite order, and sums depend on the order in their last bits: such a model reads every
/// sequence on its canonical strand. Views stay valid as long as the sequences that were added.
class OrientedSequences {
 public:
  explicit OrientedSequences(TokenStrand strand) : strand_(strand) {}

  /// Appends a sequence unchanged; orient() may reverse it later.
  void add(std::string_view sequence) { views_.push_back(sequence); }
  /// Cuts sequence `index` to its first `length` bases.
  void truncate(std::size_t index, std::size_t length) {
    views_[index] = views_[index].substr(0, length);
  }
  void orient(std::size_t index);
  std::string_view operator[](std::size_t index) const { return views_[index]; }

 private:
  TokenStrand strand_;
  std::vector<std::string_view> views_;
  std::deque<std::string> turned_;  ///< A deque, since views point into its strings.
};

}  // namespace paramixer
