#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/records/input_records.hpp"
#include "io/predictions/prediction_writer.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

struct ClassifyOptions {
  std::string model;
  InputOptions input{};
  PredictorOptions predictor{};
  std::string output = "-";
  PredictionFormat format = PredictionFormat::kTsv;
  ScoreColumns scores = ScoreColumns::kNone;
  /// kResume continues after the records in OUTPUT.partial (TSV and JSONL). Their names must be
  /// those of the first input records. A complete OUTPUT without a partial file is left as it is.
  OutputStart start = OutputStart::kFresh;
  std::string command_line{};  ///< For the @PG line of a BAM.
};

struct ClassifySummary {
  std::int64_t records = 0;      ///< Classified or rejected in this run.
  std::int64_t rejected = 0;     ///< Rejected in this run.
  std::int64_t no_evidence = 0;  ///< Unclassified in this run because too few bases are known.
  std::int64_t resumed = 0;      ///< Found in the partial output.
  std::int64_t bases = 0;
  InputNotes notes{};
  double seconds = 0.0;
  bool was_complete = false;  ///< The output was already complete; nothing was done.
};

/// Classifies every record of the inputs and writes the answers in input order. By default each
/// aligned read is classified once (Alignments::kPrimary); BAM output keeps its other alignments
/// without tags. Damaged records are rejected, and left out of a BAM. Memory is bounded by the
/// batch size and the longest record. Rejected records are reported through the callback and are
/// not errors. Throws Error on any other failure, kInterrupted after a stop request; the partial
/// output then stays and can be resumed.
ClassifySummary classify(const ClassifyOptions& options, const ServiceCallbacks& callbacks = {},
                         std::stop_token stop = {});

}  // namespace paramixer
