#include "app/services/classify/classify.hpp"

#include <filesystem>
#include <utility>
#include <vector>

#include "app/services/base/build_facts.hpp"
#include "app/services/base/stopwatch.hpp"
#include "app/services/classify/prediction_pipeline.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

namespace fs = std::filesystem;

void check_output(const ClassifyOptions& options) {
  const bool resumes = options.start == OutputStart::kResume;
  if (resumes && holds_alignments(options.format)) {
    throw usage_error("BAM and SAM output cannot be resumed; use TSV or JSONL, or start over");
  }
  if (options.output == "-") {
    if (resumes) {
      throw usage_error("--resume needs an output file; stdout cannot be continued");
    }
    return;
  }
  for (const std::string& input : options.input.paths) {
    std::error_code missing;
    if (fs::equivalent(input, options.output, missing)) {
      throw usage_error(options.output + ": is an input and cannot be the output as well");
    }
  }
}

bool is_complete(const ClassifyOptions& options) {
  return options.start == OutputStart::kResume && fs::exists(options.output) &&
         !fs::exists(partial_path_of(options.output));
}

/// Recognises the records that an interrupted run has already classified.
class AnsweredRecords {
 public:
  explicit AnsweredRecords(const ClassifyOptions& options)
      : partial_(partial_path_of(options.output)), format_(options.format) {
    if (options.start == OutputStart::kResume) {
      names_ = recover_partial_predictions(partial_, options.format);
    }
  }

  std::int64_t count() const { return static_cast<std::int64_t>(names_.size()); }
  bool all_seen() const { return seen_ == names_.size(); }

  /// Whether the next record is one of them.
  bool take(const std::string& name) {
    if (all_seen()) return false;
    if (names_[seen_] != written_id(name, format_)) throw mismatch("'" + name + "'");
    ++seen_;
    return true;
  }

  Error mismatch(const std::string& found) const {
    return Error({.file = partial_},
                 "cannot resume: its record " + std::to_string(seen_ + 1) + " is '" +
                     names_[seen_] + "', but the input has " + found +
                     "; use the same input and options as before, or leave out --resume");
  }

 private:
  std::string partial_;
  PredictionFormat format_;
  std::vector<std::string> names_;
  std::size_t seen_ = 0;
};

InputOptions input_of(const ClassifyOptions& options) {
  InputOptions input = options.input;
  // Alignment files keep what gets no answer.
  if (holds_alignments(options.format)) input.unanswered = UnansweredAlignments::kHandOn;
  return input;
}

std::unique_ptr<PredictionWriter> make_writer(const ClassifyOptions& options,
                                              const InputRecords& source, const ModelCard& card) {
  if (holds_alignments(options.format) && source.header() && options.input.paths.size() > 1) {
    throw usage_error(
        "BAM output takes one alignment file, because each has its own header; classify them one "
        "by one, or join them with samtools merge");
  }
  return make_prediction_writer({.format = options.format,
                                 .path = options.output,
                                 .classes = card.config.classes,
                                 .scores = options.scores,
                                 .files = options.input.paths.size() > 1
                                              ? source.display_names()
                                              : std::vector<std::string>{},
                                 .start = options.start,
                                 .threads = 1,
                                 .header = source.header(),
                                 .program_version = program_version(),
                                 .command_line = options.command_line});
}

}  // namespace

ClassifySummary classify(const ClassifyOptions& options, const ServiceCallbacks& callbacks,
                         std::stop_token stop) {
  check_output(options);
  if (is_complete(options)) return {.was_complete = true};
  const Stopwatch watch;
  InputRecords source(input_of(options));
  Predictor predictor(options.model, options.predictor);
  AnsweredRecords answered(options);
  const auto writer = make_writer(options, source, predictor.card());

  std::int64_t no_evidence = 0;
  const PipelineHooks hooks{
      .accept = [&](const InputRecord& input) { return !answered.take(input.record.id()); },
      .write =
          [&](const InputRecord& input, const Prediction& prediction) {
            const bool to_alignments = holds_alignments(options.format);
            if (to_alignments && input.record.alignment && !source.header()) {
              throw usage_error("BAM output cannot mix alignments with FASTA or FASTQ");
            }
            if (!to_alignments || input.record.damage.empty()) {
              writer->write(input.record, prediction);
            }
            if (prediction.status == RecordStatus::kNoEvidence) ++no_evidence;
            if (prediction.status == RecordStatus::kRejected && callbacks.rejected) {
              callbacks.rejected({source.display_name(input.record.input_number), input.record.id(),
                                  prediction.reason});
            }
          },
      .batch_written =
          [&](const Progress& progress) {
            writer->flush();
            if (callbacks.progress) callbacks.progress(progress);
          },
      .write_unanswered =
          [&](const InputRecord& input) {
            Prediction none;
            none.status = RecordStatus::kRejected;
            writer->write(input.record, none);
          }};
  PipelineCounts counts;
  try {
    counts = run_prediction_pipeline(source, predictor, hooks, stop);
  } catch (const Error& error) {
    const bool resumable = options.output != "-" && !holds_alignments(options.format);
    if (error.kind() != ErrorKind::kInterrupted || !resumable) throw;
    throw Error({.file = partial_path_of(options.output)}, "interrupted; continue with --resume",
                ErrorKind::kInterrupted);
  }
  if (!answered.all_seen()) throw answered.mismatch("ended");
  writer->commit();
  log_notes(source.notes(), callbacks);
  return {.records = counts.records,
          .rejected = counts.rejected,
          .no_evidence = no_evidence,
          .resumed = answered.count(),
          .bases = counts.bases,
          .notes = source.notes(),
          .seconds = watch.seconds()};
}

}  // namespace paramixer
