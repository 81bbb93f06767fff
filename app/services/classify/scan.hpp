#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/records/input_records.hpp"
#include "core/base/enum_names.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

enum class ScanFormat {
  kBed,       ///< Calls: neighbouring windows with the same class as one feature, nine columns.
  kBedgraph,  ///< The probability of a class along the record.
  kBigwig,    ///< The same, where has_bigwig().
  kTsv,       ///< One row per window: record, begin and end (1-based), class, probability, ...
};

template <>
struct EnumNames<ScanFormat> {
  static constexpr const char* kWhat = "format";
  static constexpr EnumName<ScanFormat> kTable[] = {{ScanFormat::kBed, "bed"},
                                                    {ScanFormat::kBedgraph, "bedgraph"},
                                                    {ScanFormat::kBigwig, "bigwig"},
                                                    {ScanFormat::kTsv, "tsv"}};
};

struct ScanOptions {
  std::string model;
  InputOptions input{};
  PredictorOptions predictor{};  ///< `window` is set by the scan.
  std::int64_t window = 0;       ///< Bases; 0 means the window in which the model classifies.
  std::int64_t step = 0;         ///< Bases; 0 means half a window.
  double min_confidence = 0.0;   ///< Less probable stretches are `unclassified`.
  /// bedgraph, bigwig: this class. Empty: one file per class, named OUTPUT with the class before
  /// the ending.
  std::string class_name{};
  ScanFormat format = ScanFormat::kBed;
  std::string output = "-";
};

struct ScanSummary {
  std::int64_t records = 0;
  std::int64_t rejected = 0;
  std::int64_t windows = 0;
  std::int64_t no_evidence = 0;  ///< Windows with too few known bases.
  std::int64_t bases = 0;
  InputNotes notes{};
  double seconds = 0.0;
};

/// Classifies every record in overlapping windows and writes where each class is found. Where
/// windows overlap, the mean of their probabilities counts. Windows without evidence (see
/// Predictor) do not count, nor do windows in runs of unknown bases too long for a window with
/// evidence; the remaining stretches are `unclassified` in calls and left out of tracks. Alignments
/// are scanned in the orientation of the original read, whose coordinates are used; a FASTA
/// sequence is scanned without its gaps. A name in `.gz` gives BGZF with a tabix index (records
/// must then have different names). A region of a FASTA sequence is shown in the coordinates of the
/// sequence. Memory: one record and its windows' probabilities; for bigwig those of all records.
/// Rejected records are reported through the callback. Throws Error, of kind kUsage for options
/// that do not fit, kInterrupted after a stop request.
ScanSummary scan(const ScanOptions& options, const ServiceCallbacks& callbacks = {},
                 std::stop_token stop = {});

}  // namespace paramixer
