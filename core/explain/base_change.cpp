#include "core/explain/base_change.hpp"

#include "core/sequence/alphabet.hpp"

namespace paramixer {

std::vector<BaseChange> base_changes(std::string_view bases, Window region) {
  std::vector<BaseChange> changes;
  for (std::int64_t i = region.start; i < region.start + region.length; ++i) {
    const char own = bases[static_cast<std::size_t>(i)];
    for (const char other : std::string_view("ACGT")) {
      if (base_code(own) != base_code(other)) changes.push_back({i, own, other, 0.0});
    }
  }
  return changes;
}

}  // namespace paramixer
