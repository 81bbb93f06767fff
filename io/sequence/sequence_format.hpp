#pragma once

namespace paramixer {

enum class SequenceFormat { kFasta, kFastq, kSam, kBam, kCram };
const char* name_of(SequenceFormat format);

}  // namespace paramixer
