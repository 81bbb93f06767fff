#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Text from outside (names of files and records, letters, values) as one line that is safe to
/// print on a terminal: control characters become \n, \r, \t or \x1b, and bytes that are not UTF-8
/// become \xff. Other text is unchanged, so a second pass has no effect.
std::string printable(std::string_view text);

}  // namespace paramixer
