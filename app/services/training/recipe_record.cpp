#include "app/services/training/recipe_record.hpp"

#include <fstream>

#include "core/base/error.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {
namespace {

constexpr std::string_view kWinner = "recipe ";

}  // namespace

std::string recipe_record_path_of(const std::string& output) { return output + ".recipe"; }

void save_recipe_record(const std::string& output, const RecipeRecord& record) {
  OutputFile file(recipe_record_path_of(output));
  file.write(std::string(kWinner) + record.winner + "\n");
  for (const std::string& trial : record.trials) file.write(trial + "\n");
  file.commit();
}

RecipeRecord load_recipe_record(const std::string& output) {
  const std::string path = recipe_record_path_of(output);
  std::ifstream file(path);
  RecipeRecord record;
  std::string line;
  if (!std::getline(file, line)) {
    throw Error(
        {.file = path},
        "cannot be read; the run to resume had not chosen its recipe yet, so start it again "
        "without --resume");
  }
  if (!line.starts_with(kWinner)) {
    throw Error({.file = path},
                "is not the recipe of a training run; start again without --resume");
  }
  record.winner = line.substr(kWinner.size());
  while (std::getline(file, line)) record.trials.push_back(line);
  return record;
}

}  // namespace paramixer
