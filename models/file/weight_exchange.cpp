#include "models/file/weight_exchange.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/error.hpp"
#include "io/tensors/safetensors.hpp"
#include "models/file/model_format.hpp"
#include "models/file/published_settings.hpp"
#include "models/file/weight_shapes.hpp"

namespace paramixer {
namespace {

constexpr std::string_view kPrefix = "param.";

std::string settings_of(const ImportOptions& options, const TensorFile& file) {
  if (!options.config.empty()) {
    std::ifstream stream(options.config);
    if (!stream) throw Error({options.config, "", {}}, "cannot be opened");
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  const auto found = file.metadata.find("config");
  if (found == file.metadata.end()) {
    throw Error(
        {options.weights, "", {}},
        "its metadata has no 'config' with the published settings; give them as a JSON file "
        "with --config (keys: see 'paramixer import --help')");
  }
  return found->second;
}

/// The weights under their published names; reference files carry them as `param.NAME` among other
/// tensors.
std::map<std::string, StoredTensor> published_weights(TensorFile file) {
  bool prefixed = false;
  for (const auto& [name, tensor] : file.tensors) prefixed = prefixed || name.starts_with(kPrefix);
  if (!prefixed) return std::move(file.tensors);
  std::map<std::string, StoredTensor> weights;
  for (auto& [name, tensor] : file.tensors) {
    if (name.starts_with(kPrefix)) weights[name.substr(kPrefix.size())] = std::move(tensor);
  }
  return weights;
}

ModelConfig import_config(const ImportOptions& options, const std::string& settings) {
  ModelConfig config = config_from_published(settings);
  if (!options.alphabet.empty()) config.tokens.alphabet = options.alphabet;
  if (!options.classes.empty()) {
    if (options.classes.size() != config.classes.size()) {
      throw usage_error("--class-names gives " + std::to_string(options.classes.size()) +
                        " classes; the weights have " + std::to_string(config.classes.size()));
    }
    config.classes = options.classes;
  }
  const std::int64_t tokens =
      config.input == InputKind::kDna ? Tokenizer(config.tokens).vocabulary() : config.vocabulary;
  if (tokens != config.vocabulary) {
    throw usage_error("the alphabet '" + config.tokens.alphabet + "' makes " +
                      std::to_string(tokens) + " tokens; the weights have " +
                      std::to_string(config.vocabulary));
  }
  return validated(config);
}

}  // namespace

void import_weights(const ImportOptions& options) {
  TensorFile source = read_safetensors(options.weights);
  const std::string settings = settings_of(options, source);
  ModelCard card;
  TensorFile model;
  try {
    card.config = import_config(options, settings);
    model.tensors = published_weights(std::move(source));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kUsage) throw;
    throw Error({options.weights, "", {}}, error.what());
  }
  for (const auto& [name, shape] : unused_published_shapes(card.config)) {
    const auto found = model.tensors.find(name);
    if (found != model.tensors.end() && found->second.shape == shape) model.tensors.erase(found);
  }
  card.strand = "forward";
  card.trained_length = card.config.max_length;
  card.provenance["title"] = "Imported published weights";
  card.provenance["source"] = std::filesystem::path(options.weights).filename().string();
  model.metadata = model_metadata(card);
  (void)parse_model_card(model, options.weights);  // Every name, type and shape is right.
  write_safetensors(options.output, model);
}

void export_weights(const std::string& model_path, const std::string& output) {
  TensorFile file = read_safetensors(model_path);
  const ModelCard card = parse_model_card(file, model_path);
  try {
    file.metadata = {{"config", published_from_config(card.config)}};
  } catch (const Error& error) {
    throw Error({model_path, "", {}}, error.what());
  }
  for (const auto& [name, shape] : unused_published_shapes(card.config)) {
    StoredTensor zeros{DType::kF32, shape, {}};
    zeros.bytes.resize(static_cast<std::size_t>(zeros.elements()) * sizeof(float));
    file.tensors.emplace(name, std::move(zeros));
  }
  write_safetensors(output, file);
}

}  // namespace paramixer
