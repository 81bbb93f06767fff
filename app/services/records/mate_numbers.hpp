#pragma once

#include <functional>
#include <optional>

#include "io/sequence/sequence_record.hpp"

namespace paramixer {

/// Recognises the pairs of interleaved FASTQ: of two neighbouring records with one name the first
/// becomes mate 1 and the second mate 2. Holds one record back until the next one is known.
class MateNumbers {
 public:
  explicit MateNumbers(std::function<void(SequenceRecord)> visit);

  /// Passes on the previous record. Exceptions of `visit` propagate.
  void add(SequenceRecord record);
  /// Hands the last record on.
  void finish();

 private:
  std::function<void(SequenceRecord)> visit_;
  std::optional<SequenceRecord> held_;
};

}  // namespace paramixer
