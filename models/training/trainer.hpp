#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "core/base/enum_names.hpp"
#include "core/base/progress.hpp"
#include "models/file/model_card.hpp"
#include "models/training/train_config.hpp"
#include "models/training/training_data.hpp"

namespace paramixer {

/// Start of a run.
enum class TrainStart {
  kFresh,
  kResume,  ///< Continue from OUTPUT's checkpoint; the configuration must be the same.
};

/// What to train, on which data, and where to put it. Copies share the data.
struct TrainRequest {
  ModelConfig model{};
  TrainConfig training{};
  std::shared_ptr<const TrainingData> train{};
  std::shared_ptr<const TrainingData> valid{};  ///< Same classes in the same order.
  std::string output;  ///< Model file; holds the best weights so far at any time after the first
                       ///< validation.
  std::string metrics_log;  ///< CSV; empty: none. Appended to on resume.
  std::string device = "cpu";
  TrainStart start = TrainStart::kFresh;
  std::map<std::string, std::string> provenance{};
};

/// Why a run ended.
enum class TrainEnd { kFinished, kTimeLimit, kEarlyStop, kInterrupted };

template <>
struct EnumNames<TrainEnd> {
  static constexpr const char* kWhat = "end of training";
  static constexpr EnumName<TrainEnd> kTable[] = {{TrainEnd::kFinished, "finished"},
                                                  {TrainEnd::kTimeLimit, "time limit"},
                                                  {TrainEnd::kEarlyStop, "early stop"},
                                                  {TrainEnd::kInterrupted, "interrupted"}};
};

struct TrainResult {
  TrainEnd end = TrainEnd::kFinished;
  std::int64_t steps = 0;
  std::int64_t best_step = 0;
  double seconds = 0.0;  ///< All runs of a resumed training together.
  std::map<std::string, double> best_metrics{};
};

struct TrainCallbacks {
  ProgressCallback progress{};
  std::function<void(const std::string&)>
      log{};  ///< One line for each validation, growth step and checkpoint.
};

/// Trains a model and leaves it in `request.output`. Keeps OUTPUT.checkpoint (weights, optimiser
/// moments, counters) so that a killed run can be resumed: on the CPU with a fixed thread count and
/// a step-bounded schedule the resumed run ends with the same weights, bit for bit. The checkpoint
/// is removed when the run ends by itself. A stop request writes a checkpoint and returns
/// kInterrupted.
///
/// Throws Error when the loss is not finite (the last good checkpoint and best model are kept),
/// when data and configuration do not fit, or when a file cannot be written.
TrainResult train(TrainRequest request, const TrainCallbacks& callbacks = {},
                  std::stop_token stop = {});

/// OUTPUT + ".checkpoint".
std::string checkpoint_path_of(const std::string& output);

}  // namespace paramixer
