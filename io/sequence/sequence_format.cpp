#include "io/sequence/sequence_format.hpp"

namespace paramixer {

const char* name_of(SequenceFormat format) {
  switch (format) {
    case SequenceFormat::kFasta:
      return "FASTA";
    case SequenceFormat::kFastq:
      return "FASTQ";
    case SequenceFormat::kSam:
      return "SAM";
    case SequenceFormat::kBam:
      return "BAM";
    case SequenceFormat::kCram:
      return "CRAM";
  }
  return "unknown";
}

}  // namespace paramixer
