#pragma once

#include <string>

#include "models/training/trainer.hpp"

namespace paramixer {

/// A short text that changes with anything a resumed run must have in common with its start: model
/// and training configuration (but not the time limit) and every training and validation record.
std::string training_fingerprint(const TrainRequest& request);

/// The configurations that are part of the fingerprint, as JSON `{"model": ..., "training": ...}`.
std::string training_settings(const TrainRequest& request);

}  // namespace paramixer
