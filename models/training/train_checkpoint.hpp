#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/network/paramixer.hpp"
#include "models/training/adam.hpp"
#include "models/training/batch_sampler.hpp"
#include "models/training/length_growth.hpp"
#include "models/training/weight_average.hpp"

namespace paramixer {

/// Everything a run needs to continue as if never stopped, besides weights and optimiser moments.
struct TrainState {
  std::int64_t step = 0;  ///< Steps done.
  BatchSampler::State sampler{};
  LengthGrowth::State growth{};
  std::int64_t active_factors = 0;
  double seconds = 0.0;    ///< Over all runs.
  double loss_mean = 0.0;  ///< Running means for the log.
  double accuracy_mean = 0.0;
  bool has_best = false;
  double best_value = 0.0;
  std::int64_t best_step = 0;
  std::int64_t validations_since_best = 0;
  std::map<std::string, double> best_metrics{};
};

/// What a resumed run must have in common with its start.
struct RunIdentity {
  std::string fingerprint;      ///< Fingerprint of configuration and data: training_fingerprint().
  std::string settings = "{}";  ///< The configuration, to name what differs: training_settings().
};

/// The parts that a training step changes.
struct TrainedParts {
  Paramixer& model;
  Adam& optimizer;
  WeightAverage& average;
};

/// Writes OUTPUT.checkpoint.
void save_checkpoint(const std::string& path, const TrainState& state, const TrainedParts& parts,
                     const RunIdentity& run);

/// Reads it back into the parts. Throws Error naming the file when it is missing,
/// damaged, or of another configuration (every setting that differs is named) or other data.
TrainState load_checkpoint(const std::string& path, const TrainedParts& parts,
                           const RunIdentity& run);

}  // namespace paramixer
