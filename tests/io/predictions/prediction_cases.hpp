#pragma once

#include <string>

#include "core/prediction.hpp"
#include "io/predictions/prediction_writer.hpp"
#include "io/sequence/sequence_record.hpp"

namespace paramixer::test {

inline SequenceRecord record_of(const std::string& name, const std::string& bases,
                                const std::string& quality = "") {
  SequenceRecord record;
  record.name = name;
  record.sequence = bases;
  record.quality = quality;
  return record;
}

/// The first class of two with 0.75, then the second.
inline Prediction sure_prediction() {
  Prediction prediction;
  prediction.probabilities = {0.75F, 0.25F};
  prediction.best = 0;
  prediction.second = 1;
  prediction.entropy = 0.5623351F;
  prediction.novelty = 0.125F;
  return prediction;
}

inline Prediction unsure_prediction() {
  Prediction prediction = sure_prediction();
  prediction.unclassified = true;
  return prediction;
}

inline Prediction rejection(const std::string& reason) {
  Prediction prediction;
  prediction.status = RecordStatus::kRejected;
  prediction.reason = reason;
  return prediction;
}

inline Prediction no_evidence(const std::string& reason) {
  Prediction prediction;
  prediction.status = RecordStatus::kNoEvidence;
  prediction.reason = reason;
  return prediction;
}

inline PredictionWriterOptions writer_options(PredictionFormat format, const std::string& path) {
  PredictionWriterOptions options;
  options.format = format;
  options.path = path;
  options.classes = {"virus A", "virus B"};
  options.program_version = "0.1.0";
  options.command_line = "paramixer classify";
  return options;
}

}  // namespace paramixer::test
