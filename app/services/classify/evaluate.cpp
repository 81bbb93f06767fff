#include "app/services/classify/evaluate.hpp"

#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "app/services/base/stopwatch.hpp"
#include "app/services/classify/prediction_pipeline.hpp"
#include "app/services/records/label_source.hpp"
#include "core/base/error.hpp"
#include "io/files/excerpt.hpp"

namespace paramixer {
namespace {

/// True classes of records, in the model's numbering.
class TrueClasses {
 public:
  TrueClasses(std::shared_ptr<const LabelSource> labels, const std::vector<std::string>& classes)
      : labels_(std::move(labels)) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      numbers_.emplace(classes[i], static_cast<std::int32_t>(i));
    }
  }

  bool has(const SequenceRecord& record) const { return labels_->label_of(record).has_value(); }

  /// None for a class that the model lacks. Requires has(record).
  std::optional<std::int32_t> number(const SequenceRecord& record) const {
    const auto found = numbers_.find(labels_->label_of(record)->class_name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Names the classes of the labels that the model lacks, as far as they are known.
  Error unknown_class(const SequenceRecord& record, const std::string& file) const {
    std::vector<std::string> unknown;
    for (const std::string& name : labels_->classes()) {
      if (!numbers_.contains(name)) unknown.push_back(name);
    }
    if (unknown.empty()) unknown.push_back(labels_->label_of(record)->class_name);
    return Error({.file = file, .record = record.id()},
                 "its class in " + labels_->place() + " is not one of the model's " +
                     std::to_string(numbers_.size()) + "; unknown classes: " + listed(unknown) +
                     "; leave their records out with --unknown-classes skip");
  }

  Error missing(const SequenceRecord& record, const std::string& file) const {
    return Error({.file = file, .record = record.id()},
                 "has no class in " + labels_->place() + "; " + labels_->remedy() +
                     ", or leave such records out with --unlabelled skip");
  }

 private:
  std::shared_ptr<const LabelSource> labels_;
  std::unordered_map<std::string, std::int32_t> numbers_;
};

/// What one evaluation has seen so far.
class Evaluation {
 public:
  Evaluation(const EvaluateOptions& options, const ServiceCallbacks& callbacks, TrueClasses truth,
             const std::vector<std::string>& classes)
      : options_(options),
        callbacks_(callbacks),
        truth_(std::move(truth)),
        report_{.classes = classes} {
    scored_.classes = std::ssize(classes);
  }

  /// Whether the record is to be classified. Throws Error for one without a class, where the
  /// options do not say to skip it.
  bool accepts(const SequenceRecord& record, const std::string& file) {
    if (!record.damage.empty()) return true;
    if (!truth_.has(record)) {
      if (options_.unlabelled == UnlabelledRecords::kError) throw truth_.missing(record, file);
      ++report_.unlabelled;
      return false;
    }
    if (truth_.number(record)) return true;
    if (options_.unknown_classes == UnknownClasses::kError) {
      throw truth_.unknown_class(record, file);
    }
    ++report_.unknown_class;
    return false;
  }

  void add(const SequenceRecord& record, const std::string& file, const Prediction& prediction) {
    if (prediction.status == RecordStatus::kRejected) {
      if (callbacks_.rejected) callbacks_.rejected({file, record.id(), prediction.reason});
      return;
    }
    const std::int32_t label = truth_.number(record).value();
    if (prediction.status == RecordStatus::kNoEvidence) {
      scored_.unanswered.push_back(label);
      return;
    }
    scored_.labels.push_back(label);
    scored_.probabilities.insert(scored_.probabilities.end(), prediction.probabilities.begin(),
                                 prediction.probabilities.end());
  }

  /// Throws Error when nothing can be judged.
  EvaluationReport report(const PipelineCounts& counts) {
    report_.no_evidence = std::ssize(scored_.unanswered);
    if (scored_.records() + report_.no_evidence == 0) {
      throw Error("no record is left to evaluate: " + std::to_string(counts.rejected) +
                  " rejected, " + std::to_string(report_.unlabelled) + " without a label");
    }
    report_.metrics = compute_metrics(scored_);
    report_.rejected = counts.rejected;
    report_.bases = counts.bases;
    return report_;
  }

 private:
  const EvaluateOptions& options_;
  const ServiceCallbacks& callbacks_;
  TrueClasses truth_;
  ScoredLabels scored_;
  EvaluationReport report_;
};

}  // namespace

EvaluationReport evaluate(const EvaluateOptions& options, const ServiceCallbacks& callbacks,
                          std::stop_token stop) {
  const Stopwatch watch;
  LabelledInputs labelled = find_labels(
      options.input.paths, {options.labels, options.columns, options.class_from_header});
  InputOptions reading = options.input;
  reading.paths = std::move(labelled.paths);
  InputRecords source(std::move(reading));
  Predictor predictor(options.model, options.predictor);
  if (callbacks.log) callbacks.log("classes from " + labelled.labels->place());
  Evaluation evaluation(options, callbacks,
                        TrueClasses(std::move(labelled.labels), predictor.card().config.classes),
                        predictor.card().config.classes);
  const PipelineHooks hooks{
      .accept =
          [&](const InputRecord& input) {
            const std::string& file = source.display_name(input.record.input_number);
            return evaluation.accepts(input.record, file);
          },
      .write =
          [&](const InputRecord& input, const Prediction& prediction) {
            const std::string& file = source.display_name(input.record.input_number);
            evaluation.add(input.record, file, prediction);
          },
      .batch_written =
          [&](const Progress& progress) {
            if (callbacks.progress) callbacks.progress(progress);
          }};
  const PipelineCounts counts = run_prediction_pipeline(source, predictor, hooks, stop);
  EvaluationReport report = evaluation.report(counts);
  log_notes(source.notes(), callbacks);
  report.notes = source.notes();
  report.seconds = watch.seconds();
  return report;
}

}  // namespace paramixer
