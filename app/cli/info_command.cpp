#include "app/cli/command.hpp"
#include "app/services/base/describe.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {
namespace {

CommandOptions info_options() {
  CommandOptions options({
      .usage = "info [MODEL] [--json]",
      .about = R"(Describes a model file, or, without one, this program and the devices it finds.)",
      .example = R"(  paramixer info virus.safetensors)",
  });
  options.take_words(1);
  options.group("Options")
      .input_file("model", "FILE", "model file; the same as MODEL")
      .flag("json", "print a JSON object");
  return options;
}

int run_info(const ParsedOptions& parsed, const CommandContext&) {
  const bool json = parsed.flag("json");
  OutputFile out("-");
  const std::string model = parsed.file_or_word("model");
  if (!model.empty()) {
    const ModelCard card = read_model_card(model);
    out.write(json ? model_card_json(card) : model_card_text(card));
  } else {
    out.write(json ? build_json() : build_text());
  }
  out.commit();
  return kExitDone;
}

}  // namespace

Command info_command() {
  return {"info", "describe this program or a model file", info_options, run_info};
}

}  // namespace paramixer
