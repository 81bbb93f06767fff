#pragma once

#include "core/base/enum_names.hpp"

namespace paramixer {

/// What a mixing operation recomputes in the backward pass instead of storing it.
enum class Recompute {
  kNone,     ///< V after every factor is kept.
  kFactors,  ///< V after every ceil(sqrt(M))-th factor is stored, those between are recomputed.
};

template <>
struct EnumNames<Recompute> {
  static constexpr const char* kWhat = "recompute";
  static constexpr EnumName<Recompute> kTable[] = {{Recompute::kNone, "none"},
                                                   {Recompute::kFactors, "factors"}};
};

}  // namespace paramixer
