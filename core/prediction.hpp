#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace paramixer {

/// The answer for one record.
enum class RecordStatus {
  kOk,
  kRejected,  ///< Cannot be classified; `reason` says why (too short, invalid letter, ...).
  /// Is valid but has too few known bases to be classified (core/sequence/evidence.hpp); `reason`
  /// has the numbers. Reported as `unclassified`.
  kNoEvidence,
};

/// The answer for one record.
struct Prediction {
  RecordStatus status = RecordStatus::kOk;
  std::string reason;  ///< Empty for kOk.
  std::vector<float>
      probabilities;         ///< One per class, in the model's order; empty without an answer.
  std::int32_t best = -1;    ///< Class of the highest probability.
  std::int32_t second = -1;  ///< -1 for a model with one class.
  float entropy = 0.0F;      ///< Nats.
  /// How unlike the training data the record is, 0 to 1: one minus the largest class probability
  /// before calibration.
  float novelty = 0.0F;
  bool unclassified = false;  ///< Too improbable or too novel: reported as `unclassified`.
};

}  // namespace paramixer
