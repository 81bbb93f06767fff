#include "io/labels/class_name.hpp"

#include <algorithm>

namespace paramixer {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string class_name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name == "unclassified" || name == ".") {
    return "is reserved for records without a class; choose another name";
  }
  const auto is_control = [](unsigned char letter) { return letter < 0x20 || letter == 0x7F; };
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return "holds a control character, tab or line end; remove it";
  }
  return {};
}

}  // namespace paramixer
