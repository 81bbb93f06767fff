#pragma once

#include <string>

namespace paramixer {

/// The processor's name as the system gives it; "unknown" where it gives none.
std::string processor_name();

}  // namespace paramixer
