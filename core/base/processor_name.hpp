#pragma once

#include <string>

namespace paramixer {

/// The processor's name as reported by the system; "unknown" if it reports none.
std::string processor_name();

}  // namespace paramixer
