#pragma once

#include <string>

#include "core/base/enum_names.hpp"

namespace paramixer {

/// How repeated names are handled. Alignments are never checked: mates and further alignments of a
/// read share its name.
enum class DuplicateNames {
  kAllow,
  kWarn,  ///< FASTA: marked in SequenceRecord::repeats_name. FASTQ: allowed, as mates share names.
  kReject,  ///< An error, in FASTA and FASTQ.
};

template <>
struct EnumNames<DuplicateNames> {
  static constexpr const char* kWhat = "value of --duplicates";
  static constexpr EnumName<DuplicateNames> kTable[] = {{DuplicateNames::kWarn, "warn"},
                                                        {DuplicateNames::kReject, "reject"},
                                                        {DuplicateNames::kAllow, "allow"}};
};

struct ReaderOptions {
  int threads = 1;          ///< Extra threads for decompression (htslib's pool); 0 means none.
  std::string reference{};  ///< FASTA for CRAM that needs one; the network is never used.
  DuplicateNames duplicates = DuplicateNames::kWarn;
};

}  // namespace paramixer
