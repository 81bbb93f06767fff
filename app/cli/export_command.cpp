#include "app/cli/command.hpp"
#include "models/weight_exchange.hpp"

namespace paramixer {
namespace {

CommandOptions export_options() {
  CommandOptions options({
      .usage = "export --model M --output W",
      .about =
          R"(Writes the weights of a model file under the names of the published PyTorch code, with
the configuration as metadata. Fails for models with parts that code does not have.)",
      .example = R"(  paramixer export --model m.safetensors --output published.safetensors)",
  });
  options.group("Options")
      .input_file("model", "FILE", "model file (required)")
      .output_file("output", {.formats = {"model"}}, "safetensors file to write (required)");
  return options;
}

int run_export(const ParsedOptions& parsed, const CommandContext&) {
  export_weights(parsed.required("model"), parsed.required("output"));
  return kExitDone;
}

}  // namespace

Command export_command() {
  return {"export", "write a model's weights for the published code", export_options, run_export};
}

}  // namespace paramixer
