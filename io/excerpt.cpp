#include "io/excerpt.hpp"

#include <algorithm>

namespace paramixer {
namespace {

bool continues_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string excerpt(std::string_view text, std::size_t most) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  std::size_t length = std::min(line.size(), most);
  // A letter of several bytes is not cut in two.
  while (length > 0 && length < line.size() && continues_letter(line[length])) --length;
  std::string shown(line.substr(0, length));
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return "'" + shown + (length < text.size() ? "...'" : "'");
}

}  // namespace paramixer
