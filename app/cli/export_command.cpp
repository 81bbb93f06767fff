#include "app/cli/command.hpp"
#include "core/base/error.hpp"
#include "models/file/weight_exchange.hpp"

namespace paramixer {
namespace {

CommandOptions export_options() {
  CommandOptions options({
      .usage = "export MODEL --output W",
      .about =
          R"(Writes the weights of a model file under the names of the published PyTorch code, with
the configuration as metadata. Fails if the model has parts that the published code lacks.)",
      .example = R"(  paramixer export m.safetensors --output published.safetensors)",
  });
  options.take_words(1);
  options.group("Options")
      .input_file("model", "FILE", "model file; the same as MODEL")
      .output_file("output", {.formats = {"model"}}, "safetensors file to write (required)");
  return options;
}

int run_export(const ParsedOptions& parsed, const CommandContext&) {
  const std::string model = parsed.file_or_word("model");
  if (model.empty()) throw usage_error("no model file given");
  export_weights(model, parsed.required("output"));
  return kExitDone;
}

}  // namespace

Command export_command() {
  return {"export", "write a model's weights for the published code", export_options, run_export};
}

}  // namespace paramixer
