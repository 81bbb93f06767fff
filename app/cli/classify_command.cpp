#include "app/cli/command.hpp"
#include "app/cli/input_totals.hpp"
#include "app/cli/quantities.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/classify/classify.hpp"

namespace paramixer {
namespace {

CommandOptions classify_options() {
  CommandOptions options({
      .usage = "classify --model M [options] INPUT...",
      .about =
          R"(Writes the class of every record, with its probability and the runner-up. Each aligned read is
classified once, in its original orientation; secondary and supplementary alignments are left out
(see --alignments). BAM and SAM output keeps them without tags and adds the tags xc (class),
xp (probability), xe (entropy in nats) and xn (novelty) to the others.
Novelty, from 0 to 1, is high for records unlike the training data. A model trained with decoys
has a threshold for it; records above are 'unclassified'.
Damaged records, such as one with fewer qualities than bases, are rejected with the reason in the
status column and on stderr; BAM and SAM output leaves them out.
Gaps ('-' and '.') and a final '*' are removed from FASTA sequences.
With several inputs, the column 'file' after 'status' names the file of the record.
A window (the whole record if it fits) has evidence if at least one of its tokens consists of known
bases (A, C, G, T or U) only and at most a share of --max-unknown of its bases is outside such tokens.
Windows without evidence do not count. A record without any evidence is 'unclassified', has no
probabilities, and its status says why. It is not rejected: the exit code stays 0.)",
      .example =
          R"(  paramixer classify --model virus.safetensors reads.fastq.gz --output classes.tsv
  samtools fastq x.bam | paramixer classify --model virus.safetensors -)",
  });
  options.group("Model and output")
      .input_file("model", "FILE", "model file (required)")
      .output_file("output",
                   {.default_text = "-",
                    .formats = all_names<PredictionFormat>(),
                    .format_option = "format"},
                   "'-' is stdout; a file appears only when complete")
      .text("format", joined_names(all_names<PredictionFormat>()),
            "default: from the ending of the output's name, otherwise tsv")
      .flag("scores", "write the probability of every class")
      .number("min-confidence", {"P", "0", kShareRange},
              "report less probable classes as 'unclassified'")
      .number(
          "max-novelty", {"P", "", kShareRange},
          "report records above this novelty as 'unclassified'; default: the model's threshold, "
          "1: none")
      .flag("resume", "continue after the last record of an interrupted run");
  add_input_options(options);
  add_predictor_options(options);
  add_machine_options(options);
  return options;
}

void report(const ClassifyOptions& options, const ClassifySummary& summary,
            TerminalProgress& progress) {
  if (summary.was_complete) {
    progress.log(options.output + " is complete; nothing to do");
    return;
  }
  std::string line = grouped_digits(summary.records) + " records, " +
                     grouped_digits(summary.bases) + " bases in " + duration_text(summary.seconds);
  if (summary.resumed > 0)
    line += ", after " + grouped_digits(summary.resumed) + " from an earlier run";
  if (summary.no_evidence > 0) {
    line += "; " + grouped_digits(summary.no_evidence) + " without evidence";
  }
  progress.log(line + totals_text(summary.rejected, summary.notes));
}

int run_classify(const ParsedOptions& parsed, const CommandContext& context) {
  ClassifyOptions options{.model = parsed.required("model"),
                          .input = input_options_from(parsed),
                          .output = parsed.text("output"),
                          .format = value_named<PredictionFormat>(parsed.format("output")),
                          .command_line = context.command_line};
  if (parsed.flag("scores")) options.scores = ScoreColumns::kAllClasses;
  if (parsed.flag("resume")) options.start = OutputStart::kResume;

  TerminalProgress progress(verbosity_from(parsed));
  options.predictor = predictor_options_from(parsed, prepare_machine(parsed, progress));
  options.predictor.min_confidence = parsed.number("min-confidence");
  if (parsed.given("max-novelty")) options.predictor.max_novelty = parsed.number("max-novelty");
  const ClassifySummary summary = classify(options, progress.callbacks(), context.stop);
  report(options, summary, progress);
  return summary.rejected > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command classify_command() {
  return {"classify", "write the class of every record", classify_options, run_classify};
}

}  // namespace paramixer
