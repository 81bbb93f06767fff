#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/records/labelled_records.hpp"
#include "app/services/training/recipe_choice.hpp"
#include "models/training/trainer.hpp"

namespace paramixer {

struct TrainOptions {
  LabelledRecordOptions records;
  std::string labels{};  ///< Label table; without it see find_labels().
  LabelTableOptions columns{};
  std::string class_from_header{};  ///< LabelOptions::header_pattern.
  /// Validation records; empty: TrainConfig::validation_share of the training records, stratified
  /// by class, whole groups together.
  std::vector<std::string> valid_sequences{};
  std::string valid_labels{};  ///< Empty: `labels`.
  /// Settings that contradict each other are found when training starts, after the records were
  /// read; callers check them with validated() before. The classes are filled from the labels.
  ModelConfig model{};
  TrainConfig training{};
  /// Settings to choose from by short runs (recipe_choice.hpp) instead of `model` and `training`.
  /// Those that do not suit the records (too long for whole-record training) are left out.
  std::vector<TrainCandidate> candidates{};
  std::string output;
  std::string metrics_log{};  ///< CSV; empty: none.
  std::string device = "cpu";
  TrainStart start = TrainStart::kFresh;
  std::map<std::string, std::string> provenance{};  ///< From the user: title, data origin.
  std::string command_line{};                       ///< For the provenance.
};

struct TrainReport {
  TrainResult result;
  std::string recipe{};  ///< The chosen recipe; empty without candidates.
  std::int64_t classes = 0;
  std::int64_t training_records = 0;
  std::int64_t validation_records = 0;
  std::int64_t rejected_records =
      0;  ///< Training and validation records; each was passed to ServiceCallbacks::rejected.
};

/// Trains a model from files and leaves it in `options.output`. The classes are the labels of the
/// training records, in alphabetical order. Throws Error like read_labelled_records and
/// train(TrainRequest), for fewer than two classes, and for a class that only validation records
/// have.
TrainReport train(const TrainOptions& options, const ServiceCallbacks& callbacks = {},
                  std::stop_token stop = {});

}  // namespace paramixer
