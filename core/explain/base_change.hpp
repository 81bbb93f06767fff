#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/sequence/window.hpp"

namespace paramixer {

/// A base replaced by another one, and the effect on the explained value.
struct BaseChange {
  std::int64_t position = 0;  ///< 0-based base of the record.
  char from = 'N';
  char to = 'N';
  double effect = 0.0;  ///< New value - old value.
};

/// Every replacement of a base in `region` by another one of A, C, G, T: three per base, four for
/// an ambiguous one, with effect 0. Requires the region to lie in the record.
std::vector<BaseChange> base_changes(std::string_view bases, Window region);

}  // namespace paramixer
