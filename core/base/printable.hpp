#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Text from outside (names of files and records, letters, values) as one line that a terminal only
/// shows: control characters become \n, \r, \t or \x1b, and bytes that are not UTF-8 become \xff.
/// Other text stays as it is, so that a second pass changes nothing.
std::string printable(std::string_view text);

}  // namespace paramixer
