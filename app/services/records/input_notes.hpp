#pragma once

#include <cstdint>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// Observations made while reading records.
struct InputNotes {
  std::int64_t further_alignments = 0;  ///< Secondary and supplementary ones without an answer.
  std::int64_t gaps = 0;                ///< Removed from FASTA, with '*' at the end of records.
  std::int64_t gapped_records = 0;
  std::string first_gapped{};
  std::int64_t repeated_names = 0;  ///< Records whose name an earlier one of the file has.
  std::string first_repeated{};

  /// Counts a record that was handed on.
  void add(const SequenceRecord& record);
};

/// Logs what users need to know, one line per kind: names that are not unique, and removed gaps,
/// which shift positions.
void log_notes(const InputNotes& notes, const ServiceCallbacks& callbacks);

}  // namespace paramixer
