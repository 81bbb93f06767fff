#include "app/cli/command.hpp"
#include "app/cli/input_totals.hpp"
#include "app/cli/quantities.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/classify/scan.hpp"

namespace paramixer {
namespace {

CommandOptions scan_options() {
  CommandOptions options({
      .usage = "scan --model M [options] INPUT...",
      .about =
          R"(Classifies long records in overlapping windows and writes where each class is found:
bed       adjacent windows of one class as one coloured feature (BED9)
bedgraph  the probability of --class along the records; without --class, one file per class, named
          OUTPUT with the class before the ending
bigwig    the same, in builds with libBigWig
tsv       one row per window, positions from 1
BED and bedGraph intervals are 0-based and half-open. A name in .gz or .bgz gives BGZF with a tabix
index. A --region of a FASTA file is shown in the coordinates of its sequence; alignments are shown
in the coordinates of the original read. Gaps ('-' and '.') and a final '*' are removed from FASTA
sequences; positions are those of the sequence without them. Windows without evidence (see
classify) do not count, and a run of unknown bases too long for a window with evidence gets no
class: both are 'unclassified' in bed (score 0) and in tsv (probability '.'), and left out of
bedgraph and bigwig.)",
      .example =
          R"(  paramixer scan --model virus.safetensors --window 2000 --step 500 --output calls.bed contigs.fa
  paramixer scan --model virus.safetensors --format bedgraph --output p.bedgraph.gz contigs.fa)",
  });
  OptionGroup& group = options.group("Model and output");
  group.input_file("model", "FILE", "model file (required)")
      .output_file(
          "output",
          {.default_text = "-", .formats = all_names<ScanFormat>(), .format_option = "format"},
          "'-' is stdout; a file appears only when complete")
      .text("format", joined_names(all_names<ScanFormat>()),
            "default: from the ending of the output's name, otherwise bed")
      .text("class", "NAME", "bedgraph, bigwig: only this class")
      .number("min-confidence", {"P", "0", kShareRange},
              "bed, tsv: report less probable stretches as 'unclassified'")
      .number("max-novelty", {"P", "", kShareRange},
              "bed, tsv: report windows above this novelty as 'unclassified'; default: the model's "
              "threshold, 1: none")
      .integer("window", 0, kLengthRange, "window length in bases; 0: as in training")
      .integer("step", 0, kLengthRange, "bases between windows; 0: half a window");
  add_max_unknown_option(group);
  group.integer("batch-size", PredictorOptions{}.batch_size, kBatchRange,
                "windows computed at once; more need more memory");
  add_input_options(options);
  add_machine_options(options);
  return options;
}

int run_scan(const ParsedOptions& parsed, const CommandContext& context) {
  ScanOptions options{.model = parsed.required("model"),
                      .input = input_options_from(parsed),
                      .window = parsed.integer("window"),
                      .step = parsed.integer("step"),
                      .min_confidence = parsed.number("min-confidence"),
                      .class_name = parsed.text("class"),
                      .format = value_named<ScanFormat>(parsed.format("output")),
                      .output = parsed.text("output")};
  TerminalProgress progress(verbosity_from(parsed));
  options.predictor.device = prepare_machine(parsed, progress);
  if (parsed.given("max-novelty")) options.predictor.max_novelty = parsed.number("max-novelty");
  options.predictor.batch_size = parsed.integer("batch-size");
  options.predictor.max_unknown = max_unknown_from(parsed);
  const ScanSummary summary = scan(options, progress.callbacks(), context.stop);
  std::string line = grouped_digits(summary.records) + " records, " +
                     grouped_digits(summary.windows) + " windows in " +
                     duration_text(summary.seconds);
  if (summary.no_evidence > 0) {
    line += "; " + grouped_digits(summary.no_evidence) + " windows without evidence";
  }
  progress.log(line + totals_text(summary.rejected, summary.notes));
  return summary.rejected > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command scan_command() {
  return {"scan", "show where in long records each class is found", scan_options, run_scan};
}

}  // namespace paramixer
