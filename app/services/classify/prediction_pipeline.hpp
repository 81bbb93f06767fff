#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "app/services/records/input_records.hpp"
#include "core/base/progress.hpp"
#include "models/predict/predictor.hpp"

namespace paramixer {

/// The caller's hooks at each stage of the pipeline.
struct PipelineHooks {
  /// On the reading thread, for every record in order: false leaves the record out. May throw.
  std::function<bool(const InputRecord&)> accept;
  /// On the writing thread, in input order. Damaged records come rejected. May throw.
  std::function<void(const InputRecord&, const Prediction&)> write;
  /// On the writing thread, after each batch of records has been written. May throw.
  std::function<void(const Progress&)> batch_written;
  /// In place of `write`, for records without an answer; they are not counted. May throw.
  std::function<void(const InputRecord&)> write_unanswered{};
};

struct PipelineCounts {
  std::int64_t records = 0;
  std::int64_t rejected = 0;
  std::int64_t bases = 0;
};

/// Reads, predicts and writes at the same time: a reading thread fills batches, the calling thread
/// computes, a writing thread passes the answers on in order. At most a few batches of some
/// megabases (or one longer record) are in memory. The first error of any stage ends all of them
/// and is thrown here; predictions made before a reading error have been written by then. A stop
/// request throws an Error of kind kInterrupted.
PipelineCounts run_prediction_pipeline(InputRecords& source, Predictor& predictor,
                                       const PipelineHooks& hooks, std::stop_token stop);

}  // namespace paramixer
