#include "app/services/classify/prediction_pipeline.hpp"

#include <cmath>
#include <cstddef>
#include <exception>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/bounded_queue.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

// Large enough to keep the model busy, small enough for steady progress and little memory.
constexpr std::size_t kBatchBases = 4'000'000;
constexpr std::size_t kBatchRecords = 4096;
constexpr std::size_t kQueuedBatches = 2;

Error interrupted() { return Error("interrupted", ErrorKind::kInterrupted); }

struct Batch {
  std::vector<InputRecord> records;
  std::vector<Prediction> predictions;
  std::optional<double> share_read;  ///< Share of the inputs read when the batch was complete.
};

class Pipeline {
 public:
  Pipeline(InputRecords& source, Predictor& predictor, const PipelineHooks& hooks,
           std::stop_token stop)
      : source_(source), predictor_(predictor), hooks_(hooks), stop_(std::move(stop)) {}

  PipelineCounts run() {
    {
      const std::jthread reading([this] { run_stage(read_error_, &Pipeline::read, unread_); });
      std::jthread writing;
      try {
        writing = std::jthread([this] { run_stage(write_error_, &Pipeline::write, unwritten_); });
      } catch (...) {
        // Without the other stages, the reading stage would wait forever.
        unread_.close();
        throw;
      }
      run_stage(compute_error_, &Pipeline::compute, unwritten_);
      unread_.close();
    }
    // When a later stage failed, the reading stage only reports that it was cut short.
    for (const auto& error : {write_error_, compute_error_, read_error_}) {
      if (error) std::rethrow_exception(error);
    }
    return counts_;
  }

 private:
  using Queue = BoundedQueue<Batch>;

  // A stage that ends closes its queue, whatever the reason, so that its neighbours end too.
  void run_stage(std::exception_ptr& error, void (Pipeline::*stage)(), Queue& queue) {
    try {
      (this->*stage)();
    } catch (...) {
      error = std::current_exception();
    }
    queue.close();
  }

  void read() {
    Batch batch;
    std::size_t bases = 0;
    const auto hand_over = [&] {
      bases = 0;
      batch.share_read = source_.share_read();
      return unread_.push(std::exchange(batch, {}));
    };
    try {
      source_.for_each([&](InputRecord record) {
        if (stop_.stop_requested()) throw interrupted();
        if (!hooks_.accept(record)) return;
        bases += record.record.sequence.size();
        batch.records.push_back(std::move(record));
        const bool full = bases >= kBatchBases || batch.records.size() >= kBatchRecords;
        if (full && !hand_over()) throw interrupted();
      });
      hand_over();
    } catch (...) {
      // Records read before the error are still answered.
      hand_over();
      throw;
    }
  }

  void compute() {
    while (auto batch = unread_.pop()) {
      if (stop_.stop_requested()) throw interrupted();
      predict(*batch);
      if (!unwritten_.push(std::move(*batch))) return;
    }
  }

  void predict(Batch& batch) {
    // The predictor needs the sequences in one array; they are lent to it rather than copied.
    std::vector<std::string> sequences;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      InputRecord& input = batch.records[i];
      Prediction& prediction = batch.predictions.emplace_back();
      prediction.status = RecordStatus::kRejected;
      prediction.reason = input.record.damage;
      if (!input.is_answered || !input.record.damage.empty()) continue;
      sequences.push_back(std::move(input.record.sequence));
      asked.push_back(i);
    }
    if (asked.empty()) return;
    std::vector<Prediction> answers = predictor_.predict(sequences);
    for (std::size_t j = 0; j < asked.size(); ++j) {
      batch.predictions[asked[j]] = std::move(answers[j]);
      batch.records[asked[j]].record.sequence = std::move(sequences[j]);
    }
  }

  void write() {
    while (const auto batch = unwritten_.pop()) {
      for (std::size_t i = 0; i < batch->records.size(); ++i) {
        write_record(batch->records[i], batch->predictions[i]);
      }
      hooks_.batch_written(progress_after(*batch));
    }
  }

  void write_record(const InputRecord& input, const Prediction& prediction) {
    if (!input.is_answered) {
      if (hooks_.write_unanswered) hooks_.write_unanswered(input);
      return;
    }
    hooks_.write(input, prediction);
    ++counts_.records;
    counts_.rejected += prediction.status == RecordStatus::kRejected ? 1 : 0;
    counts_.bases += static_cast<std::int64_t>(input.record.sequence.size());
  }

  Progress progress_after(const Batch& batch) const {
    Progress progress{.phase = "classify", .done = counts_.records, .bases = counts_.bases};
    if (batch.share_read.value_or(0.0) > 0.0) {
      // The number of records is unknown until the end; it is estimated from the bytes read so far.
      progress.total = std::llround(static_cast<double>(progress.done) / *batch.share_read);
    }
    return progress;
  }

  InputRecords& source_;
  Predictor& predictor_;
  const PipelineHooks& hooks_;
  const std::stop_token stop_;
  Queue unread_{kQueuedBatches};
  Queue unwritten_{kQueuedBatches};
  std::exception_ptr read_error_;
  std::exception_ptr compute_error_;
  std::exception_ptr write_error_;
  PipelineCounts counts_;
};

}  // namespace

PipelineCounts run_prediction_pipeline(InputRecords& source, Predictor& predictor,
                                       const PipelineHooks& hooks, std::stop_token stop) {
  return Pipeline(source, predictor, hooks, std::move(stop)).run();
}

}  // namespace paramixer
