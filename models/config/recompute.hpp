#pragma once

#include "core/base/enum_names.hpp"

namespace paramixer {

/// What a mixing operation computes again in the backward pass instead of keeping it.
enum class Recompute {
  kNone,     ///< V after every factor is kept.
  kFactors,  ///< V after every ceil(sqrt(M))-th factor is kept, those between are computed again.
};

template <>
struct EnumNames<Recompute> {
  static constexpr const char* kWhat = "recompute";
  static constexpr EnumName<Recompute> kTable[] = {{Recompute::kNone, "none"},
                                                   {Recompute::kFactors, "factors"}};
};

}  // namespace paramixer
