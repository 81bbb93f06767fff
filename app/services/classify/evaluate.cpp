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

/// What one evaluation has seen so far.
class Evaluation {
 public:
  Evaluation(const EvaluateOptions& options, const ServiceCallbacks& callbacks,
             const std::vector<std::string>& classes)
      : options_(options),
        callbacks_(callbacks),
        truth_(LabelTable::read(options.labels, options.columns), classes),
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
      throw Error("no record is left to judge: " + std::to_string(counts.rejected) + " rejected, " +
                  std::to_string(report_.unlabelled) + " without a label");
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
  InputRecords source(options.input);
  Predictor predictor(options.model, options.predictor);
  Evaluation evaluation(options, callbacks, predictor.card().config.classes);
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
