#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace paramixer {

/// The start of some input, in quotes and fit for a message of one line: cut at the first line end
/// and after `most` bytes, and made printable().
std::string excerpt(std::string_view text, std::size_t most = 60);

/// The first `most` names as excerpts with commas between them, and ", ..." if there are more.
std::string listed(const std::vector<std::string>& names, std::size_t most = 10);

}  // namespace paramixer
