#pragma once

namespace paramixer {

/// What to do with a sequence that the label table does not name.
enum class UnlabelledRecords { kError, kSkip };

}  // namespace paramixer
