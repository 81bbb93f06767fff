#include "models/predict/dna_classifier.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {

LoadedModel load_dna_classifier(const std::string& path, std::shared_ptr<MixEngine> engine,
                                const torch::Device& device) {
  LoadedModel loaded = load_model(path, std::move(engine), device);
  const ModelConfig& config = loaded.card.config;
  if (config.classifies_dna()) return loaded;
  throw Error({.file = path}, std::string("this model takes ") + name_of(config.input) +
                                  " input for the task '" + name_of(config.task) +
                                  "'; only models that classify DNA can be used here");
}

std::int64_t window_length(const ModelCard& card, std::int64_t asked, const std::string& path) {
  const std::int64_t token = Tokenizer(card.config.tokens).span();
  const std::int64_t longest = card.config.max_length + token - 1;
  const bool fixed = card.config.length == LengthKind::kFixed;
  if (fixed && asked > longest) {
    throw usage_error("a window of " + std::to_string(asked) + " bases is longer than the model " +
                      path + " takes (" + std::to_string(longest) + ")");
  }
  std::int64_t window = asked;
  if (window == 0) window = card.trained_length > 0 ? card.trained_length : longest;
  if (fixed) window = std::min(window, longest);
  if (window < token) {
    throw usage_error("the window must be at least " + std::to_string(token) +
                      " bases, one token of this model");
  }
  return window;
}

}  // namespace paramixer
