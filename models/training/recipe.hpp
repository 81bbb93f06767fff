#pragma once

#include <string>

#include "core/base/enum_names.hpp"
#include "models/config/model_config.hpp"
#include "models/training/train_config.hpp"

namespace paramixer {

/// Settings that suit one kind of task.
enum class Recipe {
  kWords,    ///< Single words reveal the class, wherever they are: which species is this?
  kMixed,    ///< Words and their neighbourhood, both strands.
  kGrammar,  ///< Short motifs, their order and distance: promoters, binding sites.
  kAligned,  ///< Motifs at fixed places of records that are all equally long.
  kFar,      ///< Elements that belong together but lie far apart.
  kProtein,  ///< Relatives share proteins rather than DNA.
  kPaper,    ///< The published genome model and training.
};

/// In tie-breaking order: simpler and faster recipes first.
template <>
struct EnumNames<Recipe> {
  static constexpr const char* kWhat = "recipe";
  static constexpr EnumName<Recipe> kTable[] = {
      {Recipe::kWords, "words"},     {Recipe::kProtein, "protein"}, {Recipe::kGrammar, "grammar"},
      {Recipe::kAligned, "aligned"}, {Recipe::kMixed, "mixed"},     {Recipe::kFar, "far"},
      {Recipe::kPaper, "paper"}};
};

/// One line for a table of recipes.
const char* purpose_of(Recipe recipe);

/// Records for which a recipe is worth trying.
enum class RecordKind { kAny, kShort, kLong };

struct RecipeSettings {
  RecordKind suits = RecordKind::kAny;
  ModelConfig model{};
  TrainConfig training{};
};

/// Complete settings; classes are left out.
RecipeSettings settings_of(Recipe recipe);

}  // namespace paramixer
