#include "core/base/printable.hpp"

#include <cstddef>
#include <cstdint>

namespace paramixer {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

/// A form of UTF-8 characters, by their first two bytes.
struct CharacterForm {
  std::uint8_t first_least;
  std::uint8_t first_most;
  std::uint8_t second_least;
  std::uint8_t second_most;
  std::size_t length;
};

// Excludes overlong forms, surrogates, code points above U+10FFFF, and the controls U+0080 to
// U+009F.
constexpr CharacterForm kForms[] = {
    {0xC2, 0xC2, 0xA0, 0xBF, 2}, {0xC3, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};

/// Number of bytes of the printable character that begins here; 0 if none does.
std::size_t character_length(std::string_view text, std::size_t start) {
  const std::uint8_t first = byte_at(text, start);
  if (first >= 0x20 && first < 0x7F) return 1;
  for (const CharacterForm& form : kForms) {
    if (first < form.first_least || first > form.first_most) continue;
    if (start + form.length > text.size()) return 0;
    const std::uint8_t second = byte_at(text, start + 1);
    if (second < form.second_least || second > form.second_most) return 0;
    for (std::size_t i = start + 2; i < start + form.length; ++i) {
      if ((byte_at(text, i) & 0xC0U) != 0x80U) return 0;
    }
    return form.length;
  }
  return 0;
}

std::string escaped(std::uint8_t byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      constexpr std::string_view kDigits = "0123456789abcdef";
      return {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0) {
      shown += escaped(byte_at(text, i++));
    } else {
      shown += text.substr(i, length);
      i += length;
    }
  }
  return shown;
}

}  // namespace paramixer
