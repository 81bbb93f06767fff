#include "io/files/excerpt.hpp"

#include <algorithm>

#include "core/base/printable.hpp"

namespace paramixer {
namespace {

bool continues_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string excerpt(std::string_view text, std::size_t most) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  std::size_t length = std::min(line.size(), most);
  // A letter of several bytes is not cut in two.
  while (length > 0 && length < line.size() && continues_letter(line[length])) --length;
  return "'" + printable(line.substr(0, length)) + (length < line.size() ? "...'" : "'");
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += (i == 0 ? "" : ", ") + excerpt(names[i]);
  }
  return names.size() > most ? text + ", ..." : text;
}

}  // namespace paramixer
