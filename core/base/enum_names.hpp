#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace paramixer {

/// A value of an enumeration and its name in options, files and messages.
template <typename Enum>
struct EnumName {
  Enum value;
  const char* name;
};

/// The table of an enumeration's names, specialised beside the enumeration:
///
///     template <>
///     struct EnumNames<Boundary> {
///       static constexpr const char* kWhat = "boundary";  // In messages.
///       static constexpr EnumName<Boundary> kTable[] = {{Boundary::kRing, "ring"}, ...};
///     };
///
/// The order is that of the help. Values that are not in the table cannot be named by a user.
template <typename Enum>
struct EnumNames;

template <typename Enum>
concept NamedEnum = std::is_enum_v<Enum> && requires {
  EnumNames<Enum>::kTable;
};

/// Throws a usage Error such as "unknown boundary 'rign'; expected one of: ring, linear".
[[noreturn]] void throw_unknown_name(const char* what, std::string_view text,
                                     const std::vector<std::string>& names);

/// The name of a value; "unknown" when the table lacks it.
template <NamedEnum Enum>
constexpr const char* name_of(Enum value) {
  for (const EnumName<Enum>& row : EnumNames<Enum>::kTable) {
    if (row.value == value) return row.name;
  }
  return "unknown";
}

/// All values, in the order of the table.
template <NamedEnum Enum>
std::vector<Enum> all_values() {
  std::vector<Enum> values;
  for (const EnumName<Enum>& row : EnumNames<Enum>::kTable) values.push_back(row.value);
  return values;
}

/// All names, in the order of the table.
template <NamedEnum Enum>
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const EnumName<Enum>& row : EnumNames<Enum>::kTable) names.emplace_back(row.name);
  return names;
}

/// The value of a name. Throws a usage Error that lists the names.
template <NamedEnum Enum>
Enum value_named(std::string_view text) {
  for (const EnumName<Enum>& row : EnumNames<Enum>::kTable) {
    if (text == row.name) return row.value;
  }
  throw_unknown_name(EnumNames<Enum>::kWhat, text, all_names<Enum>());
}

/// "a|b|c".
std::string joined_names(const std::vector<std::string>& names);

}  // namespace paramixer
