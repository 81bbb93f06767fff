#include "app/cli/quantities.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr NumberRange kDurations{0.0, 1e9};
constexpr NumberRange kSizes{1.0, 1e18};

template <typename T>
bool parse_whole(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

double seconds_in(char unit) {
  switch (unit) {
    case 's':
      return 1.0;
    case 'm':
      return 60.0;
    case 'h':
      return 3600.0;
    case 'd':
      return 86400.0;
    default:
      return 0.0;
  }
}

double bytes_in(char unit) {
  switch (unit) {
    case 'k':
    case 'K':
      return 1e3;
    case 'M':
      return 1e6;
    case 'G':
      return 1e9;
    case 'T':
      return 1e12;
    default:
      return 0.0;
  }
}

std::string formatted(const char* format, double value) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string two_units(std::int64_t large, char large_unit, std::int64_t small, char small_unit) {
  const std::string digits = std::to_string(small);
  return std::to_string(large) + large_unit + (digits.size() < 2 ? "0" : "") + digits + small_unit;
}

}  // namespace

double parse_duration(const std::string& what, const std::string& text) {
  const Error wrong = usage_error(
      what + " expects a time such as 90s, 20m or 1h30m, up to 1000000000 seconds; got '" + text +
      "'");
  double plain = 0.0;
  if (parse_whole(text, plain)) {
    if (!kDurations.holds(plain)) throw wrong;
    return plain;
  }
  double seconds = 0.0;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t unit = text.find_first_not_of("0123456789.", start);
    double amount = 0.0;
    if (unit == std::string::npos || !parse_whole(text.substr(start, unit - start), amount) ||
        seconds_in(text[unit]) == 0.0) {
      throw wrong;
    }
    seconds += amount * seconds_in(text[unit]);
    start = unit + 1;
  }
  if (text.empty() || !kDurations.holds(seconds)) throw wrong;
  return seconds;
}

std::int64_t parse_size(const std::string& what, const std::string& text) {
  double amount = 0.0;
  double factor = 1.0;
  std::string digits = text;
  if (!text.empty() && bytes_in(text.back()) != 0.0) {
    factor = bytes_in(text.back());
    digits.pop_back();
  }
  if (!parse_whole(digits, amount) || !kSizes.holds(amount * factor)) {
    throw usage_error(what + " expects a size such as 500M or 8G, from 1 byte to 1000000T; got '" +
                      text + "'");
  }
  return static_cast<std::int64_t>(amount * factor);
}

Shard parse_shard(const std::string& what, const std::string& text) {
  const std::size_t slash = text.find('/');
  Shard shard;
  if (slash == std::string::npos || !parse_whole(text.substr(0, slash), shard.index) ||
      !parse_whole(text.substr(slash + 1), shard.count) || shard.index < 1 ||
      shard.index > shard.count) {
    throw usage_error(what + " expects I/N, for example 1/4, with I from 1 to N; got '" + text +
                      "'");
  }
  return shard;
}

std::int64_t parse_integer(const std::string& what, const std::string& text,
                           const NumberRange& range) {
  std::int64_t value = 0;
  if (!parse_whole(text, value) || !range.holds(static_cast<double>(value))) {
    throw usage_error(what + " expects a whole number " + range.text() + "; got '" + text + "'");
  }
  return value;
}

double parse_number(const std::string& what, const std::string& text, const NumberRange& range) {
  double value = 0.0;
  if (!parse_whole(text, value) || !range.holds(value)) {
    throw usage_error(what + " expects a number " + range.text() + "; got '" + text + "'");
  }
  return value;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
  if (whole >= 3600) return two_units(whole / 3600, 'h', whole % 3600 / 60, 'm');
  if (whole >= 60) return two_units(whole / 60, 'm', whole % 60, 's');
  return std::to_string(whole) + "s";
}

std::string grouped_digits(std::int64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string base_rate_text(double bases_per_second) {
  if (bases_per_second >= 1e6) return formatted("%.1f Mb/s", bases_per_second * 1e-6);
  if (bases_per_second >= 1e3) return formatted("%.1f kb/s", bases_per_second * 1e-3);
  return formatted("%.0f b/s", bases_per_second);
}

}  // namespace paramixer
