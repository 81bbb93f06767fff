#pragma once

#include <string>
#include <utility>
#include <vector>

namespace paramixer {

/// "0.1.0".
const char* program_version();

/// Names and values: how this program was built, and what it finds on this machine.
std::vector<std::pair<std::string, std::string>> build_facts();

}  // namespace paramixer
