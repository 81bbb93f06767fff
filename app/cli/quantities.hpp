#pragma once

#include <cstdint>
#include <string>

#include "app/services/input_records.hpp"

namespace paramixer {

/// Seconds of a duration such as `90s`, `20m`, `1h30m` or `45` (seconds). Throws a usage Error.
double parse_duration(const std::string& text);

/// Bytes of a size such as `500M`, `8G` (powers of 1000) or `1000`. Throws a usage Error.
std::int64_t parse_size(const std::string& text);

/// A shard written `i/n`. Throws a usage Error.
Shard parse_shard(const std::string& text);

/// A whole number; a usage Error that starts with `what` otherwise.
std::int64_t parse_integer(const std::string& what, const std::string& text);
/// A finite number; a usage Error that starts with `what` otherwise.
double parse_number(const std::string& what, const std::string& text);

/// "1h02m", "3m20s", "12s".
std::string duration_text(double seconds);
/// "1,234,567"; for counts, which are not negative.
std::string grouped_digits(std::int64_t count);
/// "12.3 Mb/s" for bases a second.
std::string base_rate_text(double bases_per_second);

}  // namespace paramixer
