#include "io/sequence/name_set.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace paramixer {

bool NameSet::insert(std::string_view name) {
  if (4 * (used_ + 1) > 3 * slots_.size()) grow();
  const std::uint64_t hash = std::max<std::uint64_t>(std::hash<std::string_view>{}(name), 1);
  std::uint64_t& slot = slot_of(hash);
  if (slot == hash) return false;
  slot = hash;
  ++used_;
  return true;
}

void NameSet::grow() {
  const std::vector<std::uint64_t> old = std::exchange(
      slots_, std::vector<std::uint64_t>(std::max<std::size_t>(64, 2 * slots_.size())));
  for (const std::uint64_t hash : old) {
    if (hash != 0) slot_of(hash) = hash;
  }
}

std::uint64_t& NameSet::slot_of(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t index = hash & mask;
  while (slots_[index] != 0 && slots_[index] != hash) index = (index + 1) & mask;
  return slots_[index];
}

}  // namespace paramixer
