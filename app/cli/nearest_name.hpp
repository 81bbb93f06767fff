#pragma once

#include <string>
#include <vector>

namespace paramixer {

/// The name that a mistyped word most likely means: the fewest single-letter changes, or one that
/// starts with the word. Empty when nothing is near.
std::string nearest_name(const std::string& word, const std::vector<std::string>& names);

}  // namespace paramixer
