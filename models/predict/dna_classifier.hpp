#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/file/model_file.hpp"

namespace paramixer {

/// load_model() for a model that classifies DNA. Throws Error naming the file for any other.
LoadedModel load_dna_classifier(const std::string& path, std::shared_ptr<MixEngine> engine,
                                const torch::Device& device);

/// Bases of the window in which a model sees long records: `asked`, or with 0 the length on which
/// it was trained. Throws a usage Error naming `path` when the window is longer than the model
/// takes or shorter than a token.
std::int64_t window_length(const ModelCard& card, std::int64_t asked, const std::string& path);

}  // namespace paramixer
