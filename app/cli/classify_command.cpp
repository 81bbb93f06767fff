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
          R"(Tells the class of every record. Alignments are classified in the orientation of the
original read, one for each read: secondary and supplementary ones are left out (see
--alignments). BAM and SAM output keep them, without tags; the others get the tags xc (class),
xp (probability), xe (entropy in nats) and xn (novelty).
Novelty, 0 to 1, is high for records unlike all that the model was trained on; a model trained with
decoys has a threshold of its own, above which records are 'unclassified'.
Records that cannot be read, such as one with fewer qualities than bases, are rejected with
the reason in the status column and on stderr; BAM and SAM output leave them out.
Gaps ('-' and '.') and a '*' at the end are removed from FASTA sequences.
With several inputs the column 'file' after 'status' says where a record comes from.
A window (the whole record if it fits) has evidence if at least one of its tokens has only known
bases (A, C, G, T or U) and at most --max-unknown of its bases are unknown. Windows without
evidence do not count. A record that has no other windows is 'unclassified', without
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
                   "'-' is stdout; a file appears when it is complete")
      .text("format", joined_names(all_names<PredictionFormat>()),
            "default: by the ending of the output's name, otherwise tsv")
      .flag("scores", "write the probability of every class")
      .number("min-confidence", {"P", "0", kShareRange},
              "less probable classes become 'unclassified'")
      .number("max-novelty", {"P", "", kShareRange},
              "so do classes of records that are more novel; default: the model's own, 1: none")
      .flag("resume", "go on after the last record of an interrupted run's output");
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
  if (summary.resumed > 0) line += ", after " + grouped_digits(summary.resumed) + " done before";
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
  return {"classify", "tell the class of every record", classify_options, run_classify};
}

}  // namespace paramixer
