#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

#include "app/services/base/service_callbacks.hpp"
#include "app/services/training/recipe_score.hpp"
#include "models/training/recipe.hpp"
#include "models/training/trainer.hpp"

namespace paramixer {

/// A complete set of settings to try.
struct TrainCandidate {
  std::string recipe{};  ///< Name of the recipe.
  RecordKind suits = RecordKind::kAny;
  ModelConfig model{};
  TrainConfig training{};
};

/// One short training run.
struct RecipeTrial {
  std::string recipe{};
  double seconds = 0.0;
  RecipeScore score{};
  std::string failure{};  ///< Why it could not be trained on these records; its score is 0.
};

struct RecipeChoice {
  std::size_t winner = 0;             ///< Index among the candidates.
  std::vector<RecipeTrial> trials{};  ///< In order of execution.
};

/// The share of a training run's time or steps that the trials of all candidates take together.
inline constexpr double kTrialShare = 0.2;

/// Chooses among candidates by short training runs on the data of `request`: all of them, then the
/// better half for twice as long, until one is left (successive halving). Candidates are compared
/// by RecipeScore::mean() on the validation records; the first of equals wins. `request` gives
/// data, device and output; trial models are written beside the output and removed. With a budget
/// in steps the choice is the same for equal seeds. Logs one line for each trial. A candidate whose
/// training fails loses. Throws kInterrupted after a stop request.
RecipeChoice choose_recipe(const TrainRequest& request,
                           const std::vector<TrainCandidate>& candidates,
                           const ServiceCallbacks& callbacks, std::stop_token stop);

/// The trials as a readable table, one line each, with the winner marked.
std::vector<std::string> describe_choice(const RecipeChoice& choice);

}  // namespace paramixer
