#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace paramixer {

/// The first letters of input, in quotes and fit for a message of one line: cut at the first line
/// end and after `most` letters, control characters replaced by '?'. Letters beyond ASCII stay.
std::string excerpt(std::string_view text, std::size_t most = 60);

}  // namespace paramixer
