#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Describes the first character that is not a nucleotide code, "invalid letter 'J' at position 7";
/// empty when there is none.
std::string describe_invalid_base(std::string_view sequence);

}  // namespace paramixer
