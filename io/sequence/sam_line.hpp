#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// What makes a line of SAM text invalid: too few columns, lengths that contradict each other, a
/// NUL byte. A general message for anything else.
std::string describe_bad_sam_line(std::string_view line);

/// The read name of a line of SAM text; empty when there is none.
std::string sam_line_name(std::string_view line);

/// True when the line is aligned to a reference sequence, by its name.
bool names_reference(std::string_view line);

}  // namespace paramixer
