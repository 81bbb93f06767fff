#pragma once

#include <string>

#include "models/file/model_card.hpp"

namespace paramixer {

/// The build facts and devices as lines `name: value`, or as one JSON object.
std::string build_text();
std::string build_json();

/// A model card for people, or as one JSON object with `format_version`, `config`, `temperature`,
/// `trained_length`, `strand`, `parameters`, `provenance` and `metrics`.
std::string model_card_text(const ModelCard& card);
std::string model_card_json(const ModelCard& card);

}  // namespace paramixer
