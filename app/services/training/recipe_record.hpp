#pragma once

#include <string>
#include <vector>

namespace paramixer {

/// The stored result of a choice of recipes: the winner, and a readable line per trial.
struct RecipeRecord {
  std::string winner{};
  std::vector<std::string> trials{};
};

/// OUTPUT + ".recipe": the choice of a training run that has not ended, so that a resumed run
/// continues with the same recipe. Text: the winner's line, then one line for each trial.
std::string recipe_record_path_of(const std::string& output);

void save_recipe_record(const std::string& output, const RecipeRecord& record);
/// Throws Error if it is missing or not such a file.
RecipeRecord load_recipe_record(const std::string& output);

}  // namespace paramixer
