#pragma once

#include <string>

#include "models/training/trainer.hpp"

namespace paramixer {

/// A short text that changes when anything changes that a resumed run must share with its
/// beginning: model and training configuration (but not the time limit) and every training and
/// validation record.
std::string training_fingerprint(const TrainRequest& request);

/// The configurations that are part of the fingerprint, as JSON `{"model": ..., "training": ...}`.
std::string training_settings(const TrainRequest& request);

}  // namespace paramixer
