#pragma once

#include "core/base/random.hpp"

namespace paramixer {

/// A, C, G or T, equally likely.
char random_base(Random& random);

/// One of the three bases that differ from `base`, equally likely, in upper case. Any other letter
/// is returned unchanged.
char other_base(char base, Random& random);

}  // namespace paramixer
