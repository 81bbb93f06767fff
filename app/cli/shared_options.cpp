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
  machine.flag("quiet", "no progress on stderr, only errors and rejected records");
}

}  // namespace

void add_input_options(CommandOptions& options) {
  options.take_words(std::numeric_limits<std::size_t>::max());
  options.group("Input (FASTA, FASTQ, SAM, BAM or CRAM, plain or gz; '-' is stdin)")
      .input_file("reference", "FASTA", "reference sequences, for CRAM that needs them")
      .text("region", "NAME:A-B", "only this region of an indexed FASTA, BAM or CRAM file")
      .shard("shard", "1/1", "only every N-th record, starting with record I")
      .choice("alignments", Alignments::kPrimary,
              "primary: one answer for each read, secondary and supplementary alignments get none; "
              "all: every alignment that has bases")
      .choice("mates", MateSuffixes::kAdd,
              "suffix: the reads of a pair get /1 and /2 after their name (not in BAM output), by "
              "the flags of alignments, and in FASTQ where two neighbours have one name")
      .choice("duplicates", DuplicateNames::kWarn,
              "names that appear twice in a file; warn: FASTA only, as FASTQ names mates alike")
      .flag("strict",
            "stop at the first damaged record; otherwise it is rejected, under the name record_N "
            "if it has none, N being its number in the file");
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
      "largest share of unknown bases (not A, C, G, T or U) in a window that counts as evidence");
}

double max_unknown_from(const ParsedOptions& parsed) { return parsed.number("max-unknown"); }

void add_predictor_options(CommandOptions& options) {
  OptionGroup& group = options.group("Long records, unknown bases and batches");
  group
      .choice("long", LongRecords::kWindow,
              "records longer than the window: average over windows, take the first one, or reject")
      .integer("window", 0, kLengthRange, "bases of a window; 0: as the model was trained");
  add_max_unknown_option(group);
  group
      .integer("batch-size", PredictorOptions{}.batch_size, kBatchRange,
               "windows computed at once; more need more memory")
      .choice(
          "storage", ValueStorage::kFloat32,
          "values between the factors; bfloat16 is faster on a GPU, and on the CPU for windows of "
          "65,536 bases and more, and changes probabilities a little");
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
  group.input_file("labels", "TSV", "table with a header and one line a record (required)")
      .text("id-column", "NAME", "column with the record names", "id")
      .text("class-column", "NAME", "column with the classes", "class")
      .choice("unlabelled", UnlabelledRecords::kError, "records that the table does not name");
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
