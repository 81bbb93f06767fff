#include "app/services/classify/evaluate.hpp"

#include <optional>
#include <unordered_map>
#include <utility>

#include "app/services/base/stopwatch.hpp"
#include "app/services/classify/prediction_pipeline.hpp"
#include "app/services/records/record_label.hpp"
#include "core/base/error.hpp"
#include "io/files/excerpt.hpp"

namespace paramixer {
namespace {

/// True classes of records, in the model's numbering.
class TrueClasses {
 public:
  TrueClasses(LabelTable table, const std::vector<std::string>& classes)
      : table_(std::move(table)) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      numbers_.emplace(classes[i], static_cast<std::int32_t>(i));
    }
  }

  bool has(const SequenceRecord& record) const { return label_of(table_, record) != nullptr; }

  /// None for a class that the model lacks. Requires has(record).
  std::optional<std::int32_t> number(const SequenceRecord& record) const {
    const auto found = numbers_.find(label_of(table_, record)->class_name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Names the classes of the table that the model lacks.
  Error unknown_class(const SequenceRecord& record, const std::string& file) const {
    constexpr std::int64_t kShown = 10;
    std::string names;
    std::int64_t count = 0;
    for (const std::string& name : table_.classes()) {
      if (numbers_.contains(name)) continue;
      if (count < kShown) names += (count == 0 ? "" : ", ") + excerpt(name);
      ++count;
    }
    return Error({.file = file, .record = record.id()},
                 "its class in " + table_.path() + " is none of the model's " +
                     std::to_string(numbers_.size()) + "; the table has " + std::to_string(count) +
                     " such classes: " + names + (count > kShown ? ", ..." : "") +
                     "; leave their records out with --unknown-classes skip");
  }

  Error missing(const SequenceRecord& record, const std::string& file) const {
    return Error({.file = file, .record = record.id()},
                 "has no label in " + table_.path() +
                     "; add it, or leave such records out with --unlabelled skip");
  }

 private:
  LabelTable table_;
  std::unordered_map<std::string, std::int32_t> numbers_;
};

}  // namespace

EvaluationReport evaluate(const EvaluateOptions& options, const ServiceCallbacks& callbacks,
                          std::stop_token stop) {
  const Stopwatch watch;
  InputRecords source(options.input);
  Predictor predictor(options.model, options.predictor);
  const std::vector<std::string>& classes = predictor.card().config.classes;
  const TrueClasses truth(LabelTable::read(options.labels, options.columns), classes);

  EvaluationReport report{.classes = classes};
  ScoredLabels scored;
  scored.classes = std::ssize(classes);
  const PipelineHooks hooks{
      .accept =
          [&](const InputRecord& input) {
            if (!input.record.damage.empty()) return true;
            const std::string& file = source.display_name(input.record.input_number);
            if (truth.has(input.record)) {
              if (truth.number(input.record)) return true;
              if (options.unknown_classes == UnknownClasses::kError) {
                throw truth.unknown_class(input.record, file);
              }
              ++report.unknown_class;
              return false;
            }
            if (options.unlabelled == UnlabelledRecords::kError) {
              throw truth.missing(input.record, file);
            }
            ++report.unlabelled;
            return false;
          },
      .write =
          [&](const InputRecord& input, const Prediction& prediction) {
            const std::string& file = source.display_name(input.record.input_number);
            if (prediction.status == RecordStatus::kRejected) {
              if (callbacks.rejected) {
                callbacks.rejected({file, input.record.id(), prediction.reason});
              }
              return;
            }
            const std::int32_t label = truth.number(input.record).value();
            if (prediction.status == RecordStatus::kNoEvidence) {
              scored.unanswered.push_back(label);
              return;
            }
            scored.labels.push_back(label);
            scored.probabilities.insert(scored.probabilities.end(),
                                        prediction.probabilities.begin(),
                                        prediction.probabilities.end());
          },
      .batch_written =
          [&](const Progress& progress) {
            if (callbacks.progress) callbacks.progress(progress);
          }};
  const PipelineCounts counts = run_prediction_pipeline(source, predictor, hooks, stop);
  report.no_evidence = std::ssize(scored.unanswered);
  if (scored.records() + report.no_evidence == 0) {
    throw Error("no record is left to judge: " + std::to_string(counts.rejected) + " rejected, " +
                std::to_string(report.unlabelled) + " without a label");
  }
  log_notes(source.notes(), callbacks);
  report.metrics = compute_metrics(scored);
  report.rejected = counts.rejected;
  report.notes = source.notes();
  report.bases = counts.bases;
  report.seconds = watch.seconds();
  return report;
}

}  // namespace paramixer
