#pragma once

#include <string>
#include <utility>
#include <vector>

namespace paramixer {

/// "0.1.0".
const char* program_version();

/// Names and values of what this program was built with and what it finds on this machine.
std::vector<std::pair<std::string, std::string>> build_facts();

}  // namespace paramixer
