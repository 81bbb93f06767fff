#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/config/model_config.hpp"

namespace paramixer {

/// The contents of a model file besides its weights.
struct ModelCard {
  std::string format_version;
  ModelConfig config{};
  double temperature = 1.0;  ///< Calibration: logits are divided by it.
  /// Prediction::novelty above which records are unclassified by default; 1: none.
  double max_novelty = 1.0;
  /// Longest sequence seen in training, in bases; the default window of classify.
  std::int64_t trained_length = 0;
  std::string strand = "both";  ///< "both": inference averages the two strands; "forward".
  std::map<std::string, std::string>
      provenance{};  ///< Title, data, seed, command, date, program version, ...
  std::map<std::string, double> metrics{};  ///< Validation figures at the best checkpoint.
  std::int64_t parameters = 0;              ///< Number of weights.
};

/// Reads and checks a model file's metadata and the presence, type and shape of every weight its
/// configuration needs. Throws Error naming the file and what is wrong.
ModelCard read_model_card(const std::string& path);

}  // namespace paramixer
