#include <algorithm>

#include "app/cli/command.hpp"
#include "core/base/error.hpp"
#include "io/files/excerpt.hpp"
#include "io/labels/class_name.hpp"
#include "models/file/weight_exchange.hpp"

namespace paramixer {
namespace {

CommandOptions import_options() {
  CommandOptions options({
      .usage = "import WEIGHTS --output M [options]",
      .about =
          R"(Converts weights of the published PyTorch code, saved as safetensors under their own names, to
a model file. The shape of the model comes from the published settings.)",
      .example =
          R"(  paramixer import published.safetensors --class-names human,mouse \
      --output m.safetensors)",
  });
  options.take_words(1);
  options.group("Options")
      .input_file("weights", "FILE", "weights file; the same as WEIGHTS")
      .output_file("output", {.formats = {"model"}}, "model file to write (required)")
      .input_file("config", "JSON",
                  "published settings; default: the weights' metadata key 'config'")
      .text("alphabet", "LETTERS", "bases in token order; default: agctn or agct, as published")
      .text("class-names", "A,B,...", "names in output order; default: class_0,class_1,...");
  return options;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size() && !text.empty();) {
    const std::size_t comma = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return parts;
}

std::vector<std::string> class_names_from(const ParsedOptions& parsed) {
  std::vector<std::string> names = split_at_commas(parsed.text("class-names"));
  for (std::string& name : names) {
    name = std::string(trimmed(name));
    const std::string fault = class_name_fault(name);
    if (!fault.empty()) throw usage_error("--class-names: " + excerpt(name) + " " + fault);
  }
  return names;
}

int run_import(const ParsedOptions& parsed, const CommandContext&) {
  const std::string weights = parsed.file_or_word("weights");
  if (weights.empty()) throw usage_error("no weights file given");
  const std::string output = parsed.required("output");
  import_weights({.weights = weights,
                  .output = output,
                  .config = parsed.text("config"),
                  .alphabet = parsed.text("alphabet"),
                  .classes = class_names_from(parsed)});
  return kExitDone;
}

}  // namespace

Command import_command() {
  return {"import", "make a model file from published weights", import_options, run_import};
}

}  // namespace paramixer
