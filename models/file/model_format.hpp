#pragma once

#include <string>

#include "io/tensors/safetensors.hpp"
#include "models/file/model_card.hpp"

namespace paramixer {

/// The model file's layout: one safetensors file whose metadata holds `format` ("paramixer"),
/// `format_version`, and the JSON texts `config`, `inference`, `provenance` and `metrics`; its
/// tensors are weight_shapes(config), float32.
inline constexpr const char* kModelFormat = "paramixer";
inline constexpr const char* kModelFormatVersion = "1";

/// Checks everything in a model file except the values of its weights, and returns its card. Throws
/// Error naming `path`.
ModelCard parse_model_card(const TensorFile& file, const std::string& path);

/// Metadata for a card.
std::map<std::string, std::string> model_metadata(const ModelCard& card);

}  // namespace paramixer
