#pragma once

#include <string>
#include <string_view>

#include "core/base/random.hpp"

namespace paramixer {

/// Independent per-base error rates of a sequencer, each in [0, 1).
struct ReadErrorRates {
  double substitution = 0.0;
  double insertion = 0.0;
  double deletion = 0.0;
};

/// A copy of `sequence` with simulated errors: substitutions by one of the other three bases (an
/// ambiguous letter stays as it is), insertions of a random base after a base, deletions. Never
/// returns an empty string for a non-empty one. Throws a usage Error for a rate out of range.
std::string with_read_errors(std::string_view sequence, const ReadErrorRates& rates,
                             Random& random);

}  // namespace paramixer
