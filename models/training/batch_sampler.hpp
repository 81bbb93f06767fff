#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "core/sequence/token_batch.hpp"
#include "core/sequence/tokenizer.hpp"
#include "models/config/model_config.hpp"
#include "models/training/train_config.hpp"
#include "models/training/training_data.hpp"

namespace paramixer {

/// Labelled tokens of one step.
struct LabelledBatch {
  TokenBatch tokens;
  std::vector<std::int64_t> labels{};  ///< [B], -1 for a decoy.
  std::int64_t bases = 0;
};

/// Draws training batches: which records, which windows of them, which strand, which read errors. A
/// batch depends on the configuration, the step number and State alone, so a run can be resumed
/// from them. Keeps references to the data. Not thread-safe.
class BatchSampler {
 public:
  struct State {
    std::int64_t samples = 0;      ///< Sequences drawn so far.
    std::int64_t stage_start = 0;  ///< `samples` when the current length began.
  };

  /// Throws Error naming the record when one is too short for a token, too long, or holds an
  /// invalid letter, when a class has no record, and when windows can be shorter than a token.
  BatchSampler(const TrainingData& data, const ModelConfig& model, const TrainConfig& config);

  /// The longest window any step can draw, in bases: the final length of a growing run.
  std::int64_t final_length() const noexcept { return final_length_; }
  /// Positions of the largest batch that a step can draw, padding included; inserted bases come on
  /// top.
  std::int64_t most_positions() const;
  /// Batch of step `step` with sequences of at most `length` bases. Reuses `batch`'s memory.
  void draw(std::int64_t step, std::int64_t length, LabelledBatch& batch);
  /// Reports a new length: records of that length begin at their first epoch.
  void start_stage() { state_.stage_start = state_.samples; }

  const State& state() const noexcept { return state_; }
  void restore(const State& state) { state_ = state; }
  double epochs() const;

 private:
  void check_windows() const;
  void check_records() const;
  /// Records used at `length`, by class (balanced) or all in one list (natural).
  void select_stage(std::int64_t length);
  /// Record of the stage's sample number `sample`: lists in turn, each in an order that is new in
  /// every pass.
  std::int64_t record_of_sample(std::int64_t sample);
  std::vector<std::int64_t> next_records(std::int64_t count);
  /// One slice of a pool of batches that is sorted by length.
  std::vector<std::int64_t> next_records_of_similar_length();
  void append_sample(std::int64_t record, std::int64_t window, std::uint64_t step,
                     LabelledBatch& batch) const;

  /// One shuffled walk through a list.
  struct Pass {
    std::int64_t number = -1;
    std::vector<std::int64_t> order{};
  };

  const TrainingData& data_;
  const ModelConfig& model_;
  const TrainConfig& config_;
  Tokenizer tokenizer_;
  std::int64_t final_length_ = 0;
  State state_;
  std::int64_t stage_length_ = -1;
  std::int64_t stage_batch_ = 0;                        ///< Whole records per batch.
  std::vector<std::vector<std::int64_t>> stage_lists_;  ///< Record numbers, a list a class or one.
  std::vector<Pass> passes_;                            ///< One a list.
};

/// Throws Error naming a record that is shorter than a token or holds an invalid letter.
void check_record(const LabelledSequence& record, const Tokenizer& tokenizer);

/// Bases of the longest window a model and configuration allow for these records.
std::int64_t longest_window(const TrainingData& data, const ModelConfig& model,
                            const TrainConfig& config);

/// Window length of a step: log-uniform between min_window and `longest`.
std::int64_t draw_window_length(const TrainConfig& config, std::int64_t longest, Random& random);

/// A window of a record as training sees it: cut out, possibly on the other strand, as a simulated
/// relative, or with read errors.
std::string draw_window(const std::string& sequence, std::int64_t length, const TrainConfig& config,
                        std::int64_t least_bases, Random& random);

/// Appends the tokens of `bases`, padded when the model has a fixed length and cut to what it
/// takes.
void append_tokens(std::string_view bases, const Tokenizer& tokenizer, const ModelConfig& model,
                   TokenBatch& batch);

}  // namespace paramixer
