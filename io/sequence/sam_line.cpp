#include "io/sequence/sam_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace paramixer {
namespace {

constexpr std::size_t kMandatoryFields = 11;
constexpr std::size_t kReferenceName = 2;
constexpr std::size_t kCigar = 5;
constexpr std::size_t kBases = 9;
constexpr std::size_t kQualities = 10;

struct SamColumns {
  std::array<std::string_view, kMandatoryFields> text;
  std::size_t count = 0;  ///< Up to kMandatoryFields.
};

SamColumns split(std::string_view line) {
  SamColumns columns;
  while (columns.count < kMandatoryFields) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    columns.text[columns.count++] = line.substr(0, tab);
    if (tab == line.size()) break;
    line.remove_prefix(tab + 1);
  }
  return columns;
}

bool is_stored(std::string_view column) { return !column.empty() && column != "*"; }

/// Bases of the read that a CIGAR covers; -1 for a malformed one.
std::int64_t read_length_of(std::string_view cigar) {
  std::int64_t total = 0;
  std::int64_t length = -1;
  for (const char letter : cigar) {
    if (std::isdigit(static_cast<unsigned char>(letter)) != 0) {
      length = std::max<std::int64_t>(length, 0) * 10 + (letter - '0');
      if (length > INT32_MAX) return -1;
      continue;
    }
    if (length < 0 || std::string_view("MIDNSHP=XB").find(letter) == std::string_view::npos) {
      return -1;
    }
    if (std::string_view("MIS=X").find(letter) != std::string_view::npos) total += length;
    length = -1;
  }
  return length < 0 ? total : -1;
}

std::string counts(std::int64_t bases, std::int64_t found, const char* what) {
  return "there are " + std::to_string(bases) + " bases, but " + std::to_string(found) + what;
}

}  // namespace

std::string describe_bad_sam_line(std::string_view line) {
  if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos) {
    return "there is a NUL byte at byte " + std::to_string(nul + 1) + " of the line";
  }
  const SamColumns columns = split(line);
  if (columns.count < kMandatoryFields) {
    return "it has " + std::to_string(columns.count) + " of the 11 columns of a SAM record";
  }
  const std::string_view bases = columns.text[kBases];
  const auto length = static_cast<std::int64_t>(bases.size());
  if (is_stored(columns.text[kCigar])) {
    const std::int64_t covered = read_length_of(columns.text[kCigar]);
    if (covered < 0) return "its CIGAR is malformed";
    if (is_stored(bases) && covered != length) {
      return counts(length, covered, " in the CIGAR");
    }
  }
  const std::string_view qualities = columns.text[kQualities];
  if (is_stored(qualities) && qualities.size() != bases.size()) {
    return counts(length, static_cast<std::int64_t>(qualities.size()), " quality letters");
  }
  return "one of its columns is malformed";
}

std::string sam_line_name(std::string_view line) {
  std::string name(line.substr(0, line.find('\t')));
  std::replace(name.begin(), name.end(), '\0', '?');
  return name;
}

bool names_reference(std::string_view line) {
  const SamColumns columns = split(line);
  return columns.count > kReferenceName && is_stored(columns.text[kReferenceName]);
}

}  // namespace paramixer
