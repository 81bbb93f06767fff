#pragma once

#include <string>
#include <string_view>

namespace paramixer {

/// Without the blanks, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

/// Why a name cannot be a class of training data, as the end of a message ("is reserved ..."), or
/// an empty text. Reserved are 'unclassified' and '.', which the outputs of classify and scan write
/// for "no class". Model files are not checked with it: those of earlier versions still load.
std::string class_name_fault(std::string_view name);

}  // namespace paramixer
