#pragma once

#include <string>
#include <string_view>

#include "core/base/random.hpp"

namespace paramixer {

/// A sequence that looks like `bases` and is related to nothing: half of the time the bases in
/// reverse order without complementing them (all local structure of real DNA, other words), else as
/// many bases of a Markov chain of order 1 to 3 with the transition counts of `bases`. The length
/// stays the same. For models that are to know what they don't know.
std::string decoy_of(std::string_view bases, Random& random);

}  // namespace paramixer
