#pragma once

#include <cstdint>
#include <string>

#include "app/services/records/input_records.hpp"
#include "core/base/number_range.hpp"

namespace paramixer {

/// Seconds of a duration such as `90s`, `20m`, `1h30m` or `45` (seconds), up to about 30 years.
/// Every parse_ function throws a usage Error that starts with `what`, the name of the option, and
/// states what is accepted.
double parse_duration(const std::string& what, const std::string& text);

/// Bytes of a size such as `500M`, `8G` (powers of 1000) or `1000`.
std::int64_t parse_size(const std::string& what, const std::string& text);

/// A shard written `i/n`.
Shard parse_shard(const std::string& what, const std::string& text);

/// A whole number.
std::int64_t parse_integer(const std::string& what, const std::string& text,
                           const NumberRange& range = {-0x1p63, 0x1p63});
/// A finite number.
double parse_number(const std::string& what, const std::string& text,
                    const NumberRange& range = {-0x1p1023, 0x1p1023});

/// "1h02m", "3m20s", "12s".
std::string duration_text(double seconds);
/// "1,234,567"; for counts, which are not negative.
std::string grouped_digits(std::int64_t count);
/// "12.3 Mb/s" for bases per second.
std::string base_rate_text(double bases_per_second);

}  // namespace paramixer
