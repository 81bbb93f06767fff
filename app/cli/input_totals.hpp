#pragma once

#include <cstdint>
#include <string>

#include "app/services/records/input_notes.hpp"

namespace paramixer {

/// The part of a command's last line about rejected, skipped and changed records: starts with "; "
/// or is empty.
std::string totals_text(std::int64_t rejected, const InputNotes& notes);

}  // namespace paramixer
