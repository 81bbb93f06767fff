#include "app/cli/shared_options.hpp"

#include <limits>

#include "app/cli/quantities.hpp"
#include "core/base/error.hpp"
#include "models/network/device.hpp"

namespace paramixer {
namespace {

namespace po = boost::program_options;

void add_threads_option(OptionGroup& machine) {
  machine.integer("threads", 0, kThreadRange, "0: all cores");
}

void add_quiet_option(OptionGroup& machine) {
  machine.flag("quiet", "print only errors and rejected records, no progress");
}

}  // namespace

void add_input_options(CommandOptions& options) {
  options.take_words(std::numeric_limits<std::size_t>::max());
  options.group("Input (FASTA, FASTQ, SAM, BAM or CRAM, plain or gz; '-' is stdin)")
      .input_file("reference", "FASTA", "reference sequences for CRAM files that need them")
      .text("region", "NAME:A-B", "only this region of an indexed FASTA, BAM or CRAM file")
      .shard("shard", "1/1", "only every N-th record, starting with record I")
      .choice("alignments", Alignments::kPrimary,
              "primary: one answer per read, none for secondary and supplementary alignments; all: "
              "every alignment that has bases")
      .choice(
          "mates", MateSuffixes::kAdd,
          "suffix: add /1 and /2 to the names of paired reads (not in BAM output), by the flags "
          "of alignments and in FASTQ if two neighbours have the same name")
      .choice(
          "duplicates", DuplicateNames::kWarn,
          "what to do with names that occur twice in a file; warn applies to FASTA only, because "
          "mates in FASTQ share a name")
      .flag(
          "strict",
          "stop at the first damaged record; otherwise it is rejected, as record_N (its number in "
          "the file) if it has no name");
}

InputOptions input_options_from(const ParsedOptions& parsed) {
  InputOptions input{.paths = parsed.words(),
                     .reference = parsed.text("reference"),
                     .shard = parse_shard("--shard", parsed.text("shard")),
                     .duplicates = parsed.choice<DuplicateNames>("duplicates"),
                     .alignments = parsed.choice<Alignments>("alignments"),
                     .mates = parsed.choice<MateSuffixes>("mates")};
  if (parsed.flag("strict")) input.damaged = DamagedRecords::kStop;
  if (parsed.given("region")) input.region = parse_region(parsed.text("region"));
  if (input.paths.empty()) throw usage_error("no input file given; '-' reads from stdin");
  return input;
}

void add_max_unknown_option(OptionGroup& group) {
  group.number(
      "max-unknown", {"P", "0.5", kShareRange},
      "largest share of bases of a window with evidence that are unknown (not A, C, G, T or "
      "U) or have too few known neighbours for a token");
}

double max_unknown_from(const ParsedOptions& parsed) { return parsed.number("max-unknown"); }

void add_predictor_options(CommandOptions& options) {
  OptionGroup& group = options.group("Long records, unknown bases and batches");
  group
      .choice("long", LongRecords::kWindow,
              "records longer than the window: average over windows, use the first one, or reject")
      .integer("window", 0, kLengthRange, "window length in bases; 0: as in training");
  add_max_unknown_option(group);
  group
      .integer("batch-size", PredictorOptions{}.batch_size, kBatchRange,
               "windows computed at once; larger values need more memory")
      .choice("storage", ValueStorage::kFloat32,
              "type of the values between factors; bfloat16 is faster on a GPU, and on the CPU for "
              "windows of 65,536 bases and more; probabilities change slightly");
}

PredictorOptions predictor_options_from(const ParsedOptions& parsed, const std::string& device) {
  return {.device = device,
          .long_records = parsed.choice<LongRecords>("long"),
          .window = parsed.integer("window"),
          .batch_size = parsed.integer("batch-size"),
          .max_unknown = max_unknown_from(parsed),
          .storage = parsed.choice<ValueStorage>("storage")};
}

void add_label_options(OptionGroup& group) {
  group.input_file("labels", "TABLE", "TSV or CSV with a header and one line per record")
      .text("class-from-header", "REGEX",
            "take the class from the FASTA or FASTQ header: the first group of this regular "
            "expression, or its whole match; without --labels and this option, class=NAME in the "
            "header, or folders FOLDER/CLASS/FILES as inputs")
      .text("id-column", "NAME", "column of record names", "id")
      .text("class-column", "NAME", "column of classes", "class")
      .choice("unlabelled", UnlabelledRecords::kError,
              "what to do with records missing from the table");
}

LabelTableOptions label_options_from(const ParsedOptions& parsed) {
  LabelTableOptions columns;
  columns.id_column = parsed.text("id-column");
  columns.class_column = parsed.text("class-column");
  return columns;
}

UnlabelledRecords unlabelled_records_from(const ParsedOptions& parsed) {
  return parsed.choice<UnlabelledRecords>("unlabelled");
}

void add_cpu_options(CommandOptions& options) {
  OptionGroup& machine = options.group("Machine");
  add_threads_option(machine);
  add_quiet_option(machine);
}

void add_machine_options(CommandOptions& options) {
  OptionGroup& machine = options.group("Machine");
  add_threads_option(machine);
  machine.text("device", "auto|cpu|cuda[:I]", "where to compute", "auto");
  add_quiet_option(machine);
}

Verbosity verbosity_from(const ParsedOptions& parsed) {
  return parsed.flag("quiet") ? Verbosity::kQuiet : Verbosity::kNormal;
}

std::string prepare_machine(const ParsedOptions& parsed, TerminalProgress& progress) {
  set_compute_threads(static_cast<int>(parsed.integer("threads")));
  const DeviceChoice choice = choose_device(parsed.text("device"));
  progress.log("device " + choice.device + ": " + choice.reason);
  return choice.device;
}

}  // namespace paramixer
