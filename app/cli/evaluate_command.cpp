#include "app/cli/command.hpp"
#include "app/cli/input_totals.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/classify/evaluate.hpp"
#include "app/services/classify/evaluation_report.hpp"
#include "io/files/text_output.hpp"

namespace paramixer {
namespace {

CommandOptions evaluate_options() {
  CommandOptions options({
      .usage = "evaluate --model M [--labels L] [options] INPUT...",
      .about =
          R"(Classifies labelled records and reports how well the predictions agree with the labels.
Rejected records enter no figure; their number is reported. Records without evidence (see classify)
count as errors, and no_evidence is their number; the confusion matrix and the figures computed from
probabilities (ROC-AUC, PR-AUC, log loss, ECE) leave them out. The reads of a pair are looked up in
the labels as NAME/1 and NAME/2, then as NAME.)",
      .example = R"(  paramixer evaluate --model virus.safetensors --labels labels.tsv test.fa.gz)",
  });
  auto& group = options.group("Model, labels and report");
  group.input_file("model", "FILE", "model file (required)")
      .output_file("json", {.formats = {"json"}}, "also write the report as JSON");
  add_label_options(group);
  group.choice("unknown-classes", UnknownClasses::kError,
               "what to do with records whose class the model lacks");
  add_input_options(options);
  add_predictor_options(options);
  add_machine_options(options);
  return options;
}

void write_whole(const std::string& path, const std::string& text) {
  TextOutput file(path);
  file.write(text);
  file.commit();
}

int run_evaluate(const ParsedOptions& parsed, const CommandContext& context) {
  EvaluateOptions options{.model = parsed.required("model"),
                          .labels = parsed.text("labels"),
                          .columns = label_options_from(parsed),
                          .class_from_header = parsed.text("class-from-header"),
                          .unlabelled = unlabelled_records_from(parsed),
                          .unknown_classes = parsed.choice<UnknownClasses>("unknown-classes"),
                          .input = input_options_from(parsed)};
  TerminalProgress progress(verbosity_from(parsed));
  options.predictor = predictor_options_from(parsed, prepare_machine(parsed, progress));
  const EvaluationReport report = evaluate(options, progress.callbacks(), context.stop);
  const std::string totals = totals_text(report.rejected, report.notes);
  if (!totals.empty()) progress.log("done" + totals);
  write_whole("-", evaluation_text(report));
  if (parsed.given("json")) write_whole(parsed.text("json"), evaluation_json(report));
  return report.rejected > 0 ? kExitRejected : kExitDone;
}

}  // namespace

Command evaluate_command() {
  return {"evaluate", "compare predicted classes with labels", evaluate_options, run_evaluate};
}

}  // namespace paramixer
