#include <array>
#include <cstdio>

#include "app/cli/command.hpp"
#include "app/cli/quantities.hpp"
#include "app/cli/setting_options.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/training/train.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

CommandOptions train_options() {
  CommandOptions options({
      .usage = "train --sequences F... [--labels L] --output M [options]",
      .about =
          R"(Trains a model from labelled sequences. The output always holds the best weights so far; an
interrupted run continues with --resume.
Damaged records, and records that are too short or have no bases, are rejected: each is named, and
the exit code is 3. Gaps ('-' and '.') and a final '*' are removed from FASTA sequences. Secondary
and supplementary alignments are ignored. The reads of a pair are looked up in the labels as NAME/1
and NAME/2, then as NAME.)",
      .example =
          R"(  paramixer train --sequences train.fa.gz --labels labels.tsv --time-limit 20m \
      --output m.safetensors
  paramixer train --sequences a.fa --labels a.tsv --kmer 4 --protocol dilated --grow-from 128 \
      --link-start full-size --steps 4000 --output m.safetensors)",
  });
  auto& data = options.group("Data and output");
  data.input_files("sequences", "FILE", "FASTA, FASTQ, SAM, BAM or CRAM, plain or gz (required)");
  add_label_options(data);
  data.text("group-column", "NAME",
            "records with the same value stay together when some are set aside for validation")
      .input_files("valid-sequences", "FILE",
                   "validation records; default: a share of the sequences")
      .input_file("valid-labels", "TABLE", "their labels; default: --labels")
      .input_file("reference", "FASTA", "reference sequences for CRAM files that need them")
      .flag("strict", "stop at the first damaged record")
      .size("max-memory", "8G", "limit on the sequence held in memory")
      .output_file("output", {.formats = {"model"}}, "model file (required)")
      .output_file("metrics-log", {.placeholder = "CSV", .formats = {"csv"}},
                   "file for loss and validation figures")
      .flag("resume", "continue from the output's checkpoint")
      .text("title", "TEXT", "title for the model card")
      .text("data-origin", "TEXT", "origin of the data, for the model card");
  add_setting_options(options);
  add_machine_options(options);
  return options;
}

TrainOptions train_options_from(const ParsedOptions& parsed, const CommandContext& context) {
  // Member by member: GCC 12 destroys some members twice when an initialiser throws.
  TrainOptions options;
  options.output = parsed.required("output");
  options.records.sequences = parsed.list("sequences");
  options.records.reference = parsed.text("reference");
  options.records.unlabelled = unlabelled_records_from(parsed);
  options.records.max_bytes = parse_size("--max-memory", parsed.text("max-memory"));
  options.labels = parsed.text("labels");
  options.columns = label_options_from(parsed);
  options.class_from_header = parsed.text("class-from-header");
  options.valid_sequences = parsed.list("valid-sequences");
  options.valid_labels = parsed.text("valid-labels");
  options.metrics_log = parsed.text("metrics-log");
  options.command_line = context.command_line;
  if (options.records.sequences.empty()) throw usage_error("the option --sequences is required");
  if (options.valid_sequences.empty() && !options.valid_labels.empty()) {
    throw usage_error("--valid-labels needs --valid-sequences");
  }
  options.columns.group_column = parsed.text("group-column");
  if (parsed.flag("strict")) options.records.damaged = DamagedRecords::kStop;
  std::vector<TrainCandidate> settings = settings_from(parsed);
  if (settings.size() == 1) {
    options.model = std::move(settings.front().model);
    options.training = settings.front().training;
  } else {
    options.candidates = std::move(settings);
  }
  if (parsed.flag("resume")) options.start = TrainStart::kResume;
  for (const auto& [option, key] : {std::pair{"title", "title"}, {"data-origin", "data_origin"}}) {
    if (parsed.given(option)) options.provenance[key] = parsed.text(option);
  }
  return options;
}

std::string figures_text(const std::map<std::string, double>& figures) {
  std::string text;
  for (const auto& [name, value] : figures) {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%.4g", value);
    text += ", " + name + " " + number.data();
  }
  return text;
}

int run_train(const ParsedOptions& parsed, const CommandContext& context) {
  TrainOptions options = train_options_from(parsed, context);
  TerminalProgress progress(verbosity_from(parsed));
  options.device = prepare_machine(parsed, progress);
  const TrainReport report = train(options, progress.callbacks(), context.stop);
  const TrainResult& result = report.result;
  const std::string done = grouped_digits(result.steps) + " steps in " +
                           duration_text(result.seconds) + ", best at step " +
                           grouped_digits(result.best_step) + figures_text(result.best_metrics);
  if (result.end == TrainEnd::kInterrupted) {
    throw Error("interrupted after " + done + "; continue with --resume", ErrorKind::kInterrupted);
  }
  progress.log(std::string(name_of(result.end)) + ": " + done);
  return report.rejected_records > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command train_command() {
  return {"train", "train a model from labelled sequences", train_options, run_train};
}

}  // namespace paramixer
