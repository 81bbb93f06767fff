#pragma once

#include "core/base/enum_names.hpp"

namespace paramixer {

/// What to do with a sequence that the label table does not name.
enum class UnlabelledRecords { kError, kSkip };

template <>
struct EnumNames<UnlabelledRecords> {
  static constexpr const char* kWhat = "value of --unlabelled";
  static constexpr EnumName<UnlabelledRecords> kTable[] = {{UnlabelledRecords::kError, "error"},
                                                           {UnlabelledRecords::kSkip, "skip"}};
};

}  // namespace paramixer
