#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/records/input_records.hpp"
#include "app/services/records/label_source.hpp"
#include "app/services/records/unlabelled_records.hpp"

namespace paramixer {

/// A sequence in memory with its label.
struct LabelledRecord {
  std::string name;
  std::string sequence;
  std::string class_name;
  std::string group;  ///< Empty without a group column.
};

struct LabelledRecordOptions {
  std::vector<std::string> sequences;  ///< FASTA, FASTQ or alignments.
  std::string reference{};             ///< FASTA for CRAM.
  UnlabelledRecords unlabelled = UnlabelledRecords::kError;
  DamagedRecords damaged = DamagedRecords::kHandOn;
  std::int64_t least_bases = 1;  ///< Bases of one token of the model; shorter records are rejected.
  std::int64_t max_bytes = 8'000'000'000;  ///< Bytes of sequence held in memory.
};

/// Reads all sequences and joins them with their labels. Secondary and supplementary alignments are
/// left out. Records that are damaged, too short, without bases or with a letter that is not a
/// nucleotide code are left out and passed to `callbacks.rejected`. Throws Error for records
/// without a label (how many, and the first names), when `max_bytes` is exceeded, and kInterrupted
/// after a stop request.
std::vector<LabelledRecord> read_labelled_records(const LabelledRecordOptions& options,
                                                  const LabelSource& labels,
                                                  const ServiceCallbacks& callbacks,
                                                  std::stop_token stop);

}  // namespace paramixer
