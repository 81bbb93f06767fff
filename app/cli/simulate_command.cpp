#include "app/cli/command.hpp"
#include "app/cli/terminal_progress.hpp"
#include "app/services/simulate_motif.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

CommandOptions simulate_options() {
  const MotifTask task;
  CommandOptions options({
      .usage = "simulate motif --output PREFIX [options]",
      .about =
          R"(Makes a classification task with a known answer: random DNA with planted motifs. Writes
PREFIX.fa (sequences), PREFIX.tsv (labels) and PREFIX.bed (the planted motifs). In
'presence' the class is which motif is there; in 'order' which of two comes first; in
'pair' which two go together, far apart, so that no single motif tells the class.)",
      .example = R"(  paramixer simulate motif --kind pair --length 4096 --count 2000 --output train
  paramixer simulate motif --kind pair --length 4096 --count 500 --records-seed 2 --output test)",
  });
  options.take_words(1);
  options.group("Options")
      .text("output", "PREFIX", "start of the names of the three files (required)")
      .text("kind", "presence|order|pair", "kind of task", name_of(task.kind))
      .integer("length", task.length, "bases a record")
      .integer("count", SimulateMotifOptions{}.count, "records")
      .integer("motif-length", task.motif_length, "bases a motif")
      .integer("minimum-gap", task.minimum_gap,
               "order and pair: least distance of the motifs' starts; 0: a quarter of the length")
      .integer("classes", task.classes, "presence: number of classes, 2 to 16")
      .integer("decoys", task.decoys, "presence: shuffled motifs planted in every record")
      .integer("seed", 1, "draws the task: motifs and background")
      .integer("records-seed", 1, "draws the records; another one gives unseen records")
      .flag("quiet", "no progress on stderr");
  return options;
}

std::uint64_t seed_from(const ParsedOptions& parsed, const std::string& name) {
  const std::int64_t seed = parsed.integer(name);
  if (seed < 0) throw usage_error("--" + name + " must be 0 or more");
  return static_cast<std::uint64_t>(seed);
}

int small_count_from(const ParsedOptions& parsed, const std::string& name) {
  const std::int64_t value = parsed.integer(name);
  if (value < 0 || value > 1'000'000) throw usage_error("--" + name + " is out of range");
  return static_cast<int>(value);
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
  options.task = {.kind = motif_kind_from(parsed.text("kind")),
                  .length = parsed.integer("length"),
                  .motif_length = parsed.integer("motif-length"),
                  .minimum_gap = parsed.integer("minimum-gap"),
                  .classes = small_count_from(parsed, "classes"),
                  .decoys = small_count_from(parsed, "decoys"),
                  .seed = seed_from(parsed, "seed"),
                  .records_seed = seed_from(parsed, "records-seed")};
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
