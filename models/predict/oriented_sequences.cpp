#include "models/predict/oriented_sequences.hpp"

#include "core/sequence/strand.hpp"

namespace paramixer {

void OrientedSequences::orient(std::size_t index) {
  if (strand_ == TokenStrand::kForward || !other_strand_is_canonical(views_[index])) return;
  views_[index] = turned_.emplace_back(reverse_complement(views_[index]));
}

}  // namespace paramixer
