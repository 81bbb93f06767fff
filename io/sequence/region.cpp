#include "io/sequence/region.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

Error bad_region(const std::string& text, const std::string& problem) {
  return usage_error("region '" + text + "': " + problem + "; write NAME or NAME:BEGIN-END");
}

/// True for what may stand behind the colon of a region; the colon is part of the name otherwise.
bool is_interval(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789,-") == std::string_view::npos;
}

/// A position with or without thousands separators; none for anything else.
std::optional<std::int64_t> parse_position(std::string_view text) {
  std::string digits(text);
  std::erase(digits, ',');
  std::int64_t position = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, position);
  if (failed != std::errc{} || stop != end || position < 1) return std::nullopt;
  return position;
}

}  // namespace

Region parse_region(const std::string& text) {
  Region region;
  const std::size_t colon = text.rfind(':');
  const bool has_interval =
      colon != std::string::npos && is_interval(std::string_view(text).substr(colon + 1));
  region.name = has_interval ? text.substr(0, colon) : text;
  if (region.name.empty()) throw bad_region(text, "there is no name");
  if (!has_interval) return region;

  const std::string_view interval = std::string_view(text).substr(colon + 1);
  const std::size_t dash = interval.find('-');
  const std::optional<std::int64_t> begin = parse_position(interval.substr(0, dash));
  if (!begin) throw bad_region(text, "the start is not a position; positions count from 1");
  region.begin = *begin;
  if (dash == std::string_view::npos) return region;
  const std::optional<std::int64_t> end = parse_position(interval.substr(dash + 1));
  if (!end) throw bad_region(text, "the end is not a position; positions count from 1");
  if (*end < *begin) throw bad_region(text, "the end lies before the start");
  region.end = *end;
  return region;
}

}  // namespace paramixer
