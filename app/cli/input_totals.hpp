#pragma once

#include <cstdint>
#include <string>

#include "app/services/records/input_notes.hpp"

namespace paramixer {

/// What the last line of a command says about records without an answer and changed ones: begins
/// with "; ", or is empty.
std::string totals_text(std::int64_t rejected, const InputNotes& notes);

}  // namespace paramixer
