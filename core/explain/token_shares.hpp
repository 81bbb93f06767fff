#pragma once

#include <cstdint>
#include <span>

namespace paramixer {

/// Distributes the contributions of tokens over the bases they cover: the token at position i
/// covers bases [i, i + span), and each of them gets an equal share, so that the sum is kept.
/// `bases` has tokens.size() + span - 1 values. Throws Error when the sizes disagree.
void add_token_shares(std::span<const double> tokens, std::int64_t span, std::span<double> bases);

}  // namespace paramixer
