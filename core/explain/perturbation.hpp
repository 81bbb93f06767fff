#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/base/random.hpp"

namespace paramixer {

/// How chosen bases of a sequence are disturbed to test whether the answer depends on them.
enum class Perturbation {
  kMask,     ///< They become N.
  kShuffle,  ///< They are shuffled among themselves.
  kDelete,   ///< They are removed, and the rest moves up.
};

template <>
struct EnumNames<Perturbation> {
  static constexpr const char* kWhat = "perturbation";
  static constexpr EnumName<Perturbation> kTable[] = {{Perturbation::kMask, "mask"},
                                                      {Perturbation::kShuffle, "shuffle"},
                                                      {Perturbation::kDelete, "delete"}};
};

/// Positions of the `count` bases with the largest |value|, ascending; equal ones from the left.
std::vector<std::int64_t> top_positions(std::span<const float> values, std::int64_t count);

/// `count` different positions of [0, length), at random, ascending. Requires count <= length.
std::vector<std::int64_t> random_positions(std::int64_t length, std::int64_t count, Random& random);

/// `bases` with the perturbation at `positions` (ascending, different, inside).
std::string perturbed(std::string_view bases, std::span<const std::int64_t> positions,
                      Perturbation perturbation, Random& random);

}  // namespace paramixer
