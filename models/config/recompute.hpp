#pragma once

#include <string_view>

namespace paramixer {

/// What a mixing operation recomputes in the backward pass instead of storing it.
enum class Recompute {
  kNone,     ///< V after every factor is kept.
  kFactors,  ///< V after every ceil(sqrt(M))-th factor is stored, those between are recomputed.
};
const char* name_of(Recompute value);
Recompute recompute_from(std::string_view name);

}  // namespace paramixer
