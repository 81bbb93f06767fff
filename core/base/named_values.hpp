#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

namespace paramixer {

/// The names of an enumeration's values, for options, files and messages.
template <typename Enum, std::size_t kCount>
struct NamedValues {
  std::string_view what;  ///< "protocol", "pooling", ...
  std::array<std::pair<Enum, const char*>, kCount> names;

  const char* name_of(Enum value) const {
    for (const auto& [candidate, name] : names) {
      if (candidate == value) return name;
    }
    return "unknown";
  }

  std::vector<std::string> all_names() const {
    std::vector<std::string> list;
    for (const auto& [candidate, name] : names) list.emplace_back(name);
    return list;
  }

  /// Throws a usage Error that lists the names.
  Enum value_from(std::string_view text) const {
    std::string list;
    for (const auto& [candidate, name] : names) {
      if (text == name) return candidate;
      list += list.empty() ? name : std::string(", ") + name;
    }
    throw usage_error("unknown " + std::string(what) + " '" + std::string(text) +
                      "'; expected one of: " + list);
  }
};

}  // namespace paramixer
