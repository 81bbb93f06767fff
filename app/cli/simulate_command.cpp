#include "app/cli/command.hpp"
#include "app/cli/terminal_progress.hpp"
#include "app/services/training/simulate_motif.hpp"
#include "core/base/error.hpp"
#include "core/simulate/motif_finder.hpp"

namespace paramixer {
namespace {

constexpr NumberRange kLengths{1.0, kLengthRange.most};
constexpr NumberRange kCounts{1.0, 1e12};
constexpr NumberRange kMotifLengths{8.0, static_cast<double>(MotifFinder::kMaxLength)};
constexpr NumberRange kClasses{2.0, 16.0};
constexpr NumberRange kDecoys{0.0, 64.0};

CommandOptions simulate_options() {
  const MotifTask task;
  CommandOptions options({
      .usage = "simulate motif --output PREFIX [options]",
      .about =
          R"(Makes a classification task with a known answer: random DNA with planted motifs. Writes
PREFIX.fa (sequences), PREFIX.tsv (labels) and PREFIX.bed (planted motifs). The class is which
motif is present ('presence'), which of two motifs comes first ('order'), or which two motifs occur
together, far apart, so that no single motif reveals it ('pair').)",
      .example = R"(  paramixer simulate motif --kind pair --length 4096 --count 2000 --output train
  paramixer simulate motif --kind pair --length 4096 --count 500 --records-seed 2 --output test)",
  });
  options.take_words(1);
  options.group("Options")
      .output_file("output", {.placeholder = "PREFIX", .endings = {".fa", ".tsv", ".bed"}},
                   "prefix of the three file names (required)")
      .choice("kind", task.kind, "kind of task")
      .integer("length", task.length, kLengths, "bases per record")
      .integer("count", SimulateMotifOptions{}.count, kCounts, "number of records")
      .integer("motif-length", task.motif_length, kMotifLengths, "bases per motif")
      .integer("minimum-gap", task.minimum_gap, kLengthRange,
               "order and pair: smallest distance between motif starts; 0: a quarter of the length")
      .integer("classes", task.classes, kClasses, "presence: number of classes")
      .integer("decoys", task.decoys, kDecoys, "presence: shuffled motifs planted in every record")
      .integer("seed", 1, kSeedRange, "seed of the task: motifs and background")
      .integer("records-seed", 1, kSeedRange,
               "seed of the records; change it for unseen records of the same task")
      .flag("quiet", "print only errors, no progress");
  return options;
}

int run_simulate(const ParsedOptions& parsed, const CommandContext& context) {
  const auto tasks = parsed.words();
  if (tasks.empty()) throw usage_error("no task given; expected: motif");
  if (tasks.front() != "motif") {
    throw usage_error("unknown task '" + tasks.front() + "'; expected: motif");
  }
  SimulateMotifOptions options;
  options.prefix = parsed.required("output");
  options.count = parsed.integer("count");
  options.task = {.kind = parsed.choice<MotifKind>("kind"),
                  .length = parsed.integer("length"),
                  .motif_length = parsed.integer("motif-length"),
                  .minimum_gap = parsed.integer("minimum-gap"),
                  .classes = static_cast<int>(parsed.integer("classes")),
                  .decoys = static_cast<int>(parsed.integer("decoys")),
                  .seed = static_cast<std::uint64_t>(parsed.integer("seed")),
                  .records_seed = static_cast<std::uint64_t>(parsed.integer("records-seed"))};
  TerminalProgress progress(parsed.flag("quiet") ? Verbosity::kQuiet : Verbosity::kNormal);
  simulate_motif(options, progress.callbacks(), context.stop);
  return kExitDone;
}

}  // namespace

Command simulate_command() {
  return {"simulate", "make labelled sequences with a known answer", simulate_options,
          run_simulate};
}

}  // namespace paramixer
