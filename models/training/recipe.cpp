#include "models/training/recipe.hpp"

namespace paramixer {
namespace {

struct RecipeText {
  const char* purpose;
  const char* model;     ///< JSON over ModelConfig{}.
  const char* training;  ///< JSON over TrainConfig{}.
};

RecipeText text_of(Recipe recipe) {
  switch (recipe) {
    case Recipe::kWords:
      return {"a bag of canonical 8-mers, one pass for both strands",
              R"({"tokens": {"kind": "kmer", "k": 8, "strand": "canonical"}, "factors": 0,
                  "norm": "none", "values_from": "embedding"})",
              R"({"learning_rate": 0.02, "decoy_share": 0.15, "average_decay": 0.998,
                  "validate_every": 500, "validation_windows": 4000})"};
    case Recipe::kGrammar:
      return {"4-mers mixed with their neighbours, the strongest place decides",
              R"({"tokens": {"kind": "kmer", "k": 4}, "protocol": "dilated", "boundary": "linear",
                  "factors": 3, "pooling": "max"})",
              R"({"error_share": 0, "crop": "none", "average_decay": 0.998})"};
    case Recipe::kAligned:
      return {"4-mers mixed with their neighbours, every place by itself, one strand",
              R"({"tokens": {"kind": "kmer", "k": 4}, "protocol": "dilated", "boundary": "linear",
                  "factors": 3, "length": "fixed", "pooling": "flatten", "value_dropout": 0.3,
                  "token_dropout": 0.1})",
              R"({"error_share": 0, "crop": "none", "reverse_complement": 0,
                  "average_decay": 0.998})"};
    case Recipe::kFar:
      return {"4-mers mixed over the whole record, learned on growing lengths",
              R"({"tokens": {"kind": "kmer", "k": 4}, "protocol": "dilated", "max_length": 16384})",
              R"({"crop": "none", "error_share": 0, "grow_from": 128, "link_start": "full-size"})"};
    case Recipe::kProtein:
      return {"triples of codons in all frames, learned from relatives made by evolution",
              R"({"tokens": {"kind": "peptide", "k": 3}, "factors": 0, "norm": "none",
                  "values_from": "embedding"})",
              R"({"learning_rate": 0.02, "divergence": 0.6, "error_share": 0.2,
                  "average_decay": 0.998})"};
    case Recipe::kPaper:
      return {"the published genome model and training", "{}",
              R"({"optimizer": "adam", "learning_rate": 1e-4, "weight_decay": 0, "clip_norm": 1.0,
                  "schedule": "constant", "warmup_steps": 0, "batch_size": 16,
                  "sampling": "natural", "reverse_complement": 0, "error_share": 0,
                  "link_start": "published"})"};
    case Recipe::kMixed:
      break;
  }
  return {"6-mers mixed over the whole window, both strands", "{}", "{}"};
}

RecordKind kind_of(Recipe recipe) {
  switch (recipe) {
    case Recipe::kGrammar:
    case Recipe::kAligned:
      return RecordKind::kShort;
    case Recipe::kProtein:
    case Recipe::kMixed:
    case Recipe::kFar:
      return RecordKind::kLong;
    case Recipe::kWords:
    case Recipe::kPaper:
      break;
  }
  return RecordKind::kAny;
}

}  // namespace

const char* purpose_of(Recipe recipe) { return text_of(recipe).purpose; }

RecipeSettings settings_of(Recipe recipe) {
  const RecipeText text = text_of(recipe);
  const ModelConfig base = recipe == Recipe::kPaper
                               ? published_genome_config(ModelConfig{}.max_length, {})
                               : ModelConfig{};
  return {.suits = kind_of(recipe),
          .model = with_json_settings(base, text.model),
          .training = with_json_settings(TrainConfig{}, text.training)};
}

}  // namespace paramixer
