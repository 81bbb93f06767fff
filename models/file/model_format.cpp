#include "models/file/model_format.hpp"

#include "core/base/error.hpp"
#include "models/config/json_fields.hpp"
#include "models/file/weight_shapes.hpp"

namespace paramixer {
namespace {

const std::string& required(const TensorFile& file, const char* key, const std::string& path) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) {
    throw Error({path, "", {}}, std::string("not a Paramixer model: its metadata has no '") + key +
                                    "'; convert published weights with 'paramixer import'");
  }
  return found->second;
}

void check_weights(const TensorFile& file, const ModelConfig& config, const std::string& path) {
  const WeightShapes shapes = weight_shapes(config);
  for (const auto& [name, shape] : shapes) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
      throw Error({path, "", {}}, "the weight '" + name + "' is missing");
    }
    if (found->second.dtype != DType::kF32 || found->second.shape != shape) {
      throw Error({path, "", {}}, "the weight '" + name + "' is " +
                                      std::string(name_of(found->second.dtype)) + " " +
                                      shape_text(found->second.shape) +
                                      "; its configuration needs F32 " + shape_text(shape));
    }
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!shapes.contains(name)) {
      throw Error({path, "", {}}, "the tensor '" + name + "' does not belong to its configuration");
    }
  }
}

// Calibrated temperatures are near 1; the bounds only keep quotients finite.
constexpr NumberRange kTemperatures{0.0, 1e6, RangeEnd::kExcluded};

template <typename Visitor>
void visit_inference(ModelCard& card, Visitor& visit) {
  visit("temperature", card.temperature, kTemperatures);
  visit("max_novelty", card.max_novelty, kShareRange);
  visit("trained_length", card.trained_length, kLengthRange);
  visit("strand", card.strand);
}

void check_inference(const ModelCard& card) {
  if (card.strand != "both" && card.strand != "forward") {
    throw Error("inference settings: key 'strand' has the value '" + card.strand +
                "', expected 'both' or 'forward'");
  }
}

}  // namespace

ModelCard parse_model_card(const TensorFile& file, const std::string& path) {
  ModelCard card;
  if (required(file, "format", path) != kModelFormat) {
    throw Error({path, "", {}}, "its format is '" + file.metadata.at("format") + "', expected '" +
                                    kModelFormat + "'");
  }
  card.format_version = required(file, "format_version", path);
  if (card.format_version != kModelFormatVersion) {
    throw Error({path, "", {}}, "format version " + card.format_version +
                                    "; this program reads version " + kModelFormatVersion +
                                    ", so use a newer paramixer");
  }
  try {
    card.config = model_config_from_json(required(file, "config", path));
    JsonFieldReader inference(parse_json(required(file, "inference", path), "inference settings"),
                              "inference settings");
    visit_inference(card, inference);
    inference.finish();
    check_inference(card);
    card.provenance = parse_json(required(file, "provenance", path), "provenance")
                          .get<std::map<std::string, std::string>>();
    card.metrics =
        parse_json(required(file, "metrics", path), "metrics").get<std::map<std::string, double>>();
  } catch (const nlohmann::json::exception& error) {
    throw Error({path, "", {}}, std::string("metadata of an unexpected type: ") + error.what());
  } catch (const Error& error) {
    throw Error({path, "", {}}, error.what());
  }
  check_weights(file, card.config, path);
  for (const auto& [name, tensor] : file.tensors) card.parameters += tensor.elements();
  return card;
}

std::map<std::string, std::string> model_metadata(const ModelCard& card) {
  ModelCard copy = card;
  JsonFieldWriter inference;
  visit_inference(copy, inference);
  return {{"format", kModelFormat},
          {"format_version", kModelFormatVersion},
          {"config", to_json(card.config)},
          {"inference", inference.json().dump()},
          // File names in a command line may be in any encoding.
          {"provenance", nlohmann::json(card.provenance)
                             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)},
          {"metrics", nlohmann::json(card.metrics).dump()}};
}

}  // namespace paramixer
