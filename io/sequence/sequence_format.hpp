#pragma once

#include "core/base/enum_names.hpp"

namespace paramixer {

enum class SequenceFormat { kFasta, kFastq, kSam, kBam, kCram };

template <>
struct EnumNames<SequenceFormat> {
  static constexpr const char* kWhat = "sequence format";
  static constexpr EnumName<SequenceFormat> kTable[] = {{SequenceFormat::kFasta, "FASTA"},
                                                        {SequenceFormat::kFastq, "FASTQ"},
                                                        {SequenceFormat::kSam, "SAM"},
                                                        {SequenceFormat::kBam, "BAM"},
                                                        {SequenceFormat::kCram, "CRAM"}};
};

}  // namespace paramixer
