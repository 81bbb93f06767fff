#include "app/cli/command.hpp"
#include "app/cli/input_totals.hpp"
#include "app/cli/quantities.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/classify.hpp"

namespace paramixer {
namespace {

CommandOptions classify_options() {
  CommandOptions options({
      .usage = "classify --model M [options] INPUT...",
      .about =
          R"(Tells the class of every record. Alignments are classified in the orientation of the
original read, one for each read: secondary and supplementary ones are left out (see
--alignments). BAM output keeps them, without tags; the others get the tags xc (class),
xp (probability) and xe (entropy in nats).
Records that cannot be read, such as one with fewer qualities than bases, are rejected with
the reason in the status column and on stderr; BAM output leaves them out.
Gaps ('-' and '.') and a '*' at the end are removed from FASTA sequences.
With several inputs the column 'file' after 'status' says where a record comes from.)",
      .example =
          R"(  paramixer classify --model virus.safetensors reads.fastq.gz --output classes.tsv
  samtools fastq x.bam | paramixer classify --model virus.safetensors -)",
  });
  options.group("Model and output")
      .text("model", "FILE", "model file (required)")
      .text("output", "FILE", "'-' is stdout; a file appears when it is complete", "-")
      .text("format", "tsv|jsonl|bam",
            "default: by the name of the output, .jsonl or .bam, otherwise tsv")
      .flag("scores", "write the probability of every class")
      .text("min-confidence", "P", "less probable classes become 'unclassified'", "0")
      .flag("resume", "go on after the last record of an interrupted run's output");
  add_input_options(options);
  add_predictor_options(options);
  add_machine_options(options);
  return options;
}

PredictionFormat format_from(const ParsedOptions& parsed) {
  if (parsed.given("format")) return prediction_format_from(parsed.text("format"));
  const std::string output = parsed.text("output");
  for (const PredictionFormat format : {PredictionFormat::kBam, PredictionFormat::kJsonl}) {
    if (output.ends_with(std::string(".") + name_of(format))) return format;
  }
  return PredictionFormat::kTsv;
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
  progress.log(line + totals_text(summary.rejected, summary.notes));
}

int run_classify(const ParsedOptions& parsed, const CommandContext& context) {
  ClassifyOptions options{.model = parsed.required("model"),
                          .input = input_options_from(parsed),
                          .output = parsed.text("output"),
                          .format = format_from(parsed),
                          .command_line = context.command_line};
  if (parsed.flag("scores")) options.scores = ScoreColumns::kAllClasses;
  if (parsed.flag("resume")) options.start = OutputStart::kResume;

  TerminalProgress progress(verbosity_from(parsed));
  options.predictor = predictor_options_from(parsed, prepare_machine(parsed, progress));
  options.predictor.min_confidence =
      parse_number("--min-confidence", parsed.text("min-confidence"));
  const ClassifySummary summary = classify(options, progress.callbacks(), context.stop);
  report(options, summary, progress);
  return summary.rejected > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command classify_command() {
  return {"classify", "tell the class of every record", classify_options, run_classify};
}

}  // namespace paramixer
