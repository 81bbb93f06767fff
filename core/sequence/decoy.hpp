#pragma once

#include <string>
#include <string_view>

#include "core/base/random.hpp"

namespace paramixer {

/// An unrelated sequence that resembles `bases`: half of the time the bases reversed without
/// complementing (local structure of real DNA, but other words), otherwise as many bases from a
/// Markov chain of order 1 to 3 with the transition counts of `bases`. The length stays the same.
/// Teaches models to recognise unknown sequences.
std::string decoy_of(std::string_view bases, Random& random);

}  // namespace paramixer
