#include "app/services/training/recipe_choice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>

#include "app/services/base/stopwatch.hpp"
#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kDefaultSteps = 3000;
constexpr std::int64_t kFewestSteps = 20;
constexpr std::int64_t kNever = 1'000'000'000'000;

/// Numbers of candidates in every round of halving.
std::vector<std::size_t> rounds_of(std::size_t candidates) {
  std::vector<std::size_t> rounds;
  for (std::size_t left = candidates; left > 1; left = (left + 1) / 2) rounds.push_back(left);
  return rounds;
}

/// What a candidate may use in a round, so that all trials take kTrialShare of its training.
/// Round r gives every candidate 2^r units.
TrainConfig trial_settings(TrainConfig training, std::size_t round,
                           const std::vector<std::size_t>& rounds) {
  double units = 0.0;
  for (std::size_t r = 0; r < rounds.size(); ++r) {
    units += static_cast<double>(rounds[r]) * std::exp2(static_cast<double>(r));
  }
  const double share = kTrialShare * std::exp2(static_cast<double>(round)) / units;
  if (training.time_limit_seconds > 0.0) training.time_limit_seconds *= share;
  if (training.epochs > 0.0) training.epochs *= share;
  const bool by_steps =
      training.steps > 0 || (training.time_limit_seconds == 0.0 && training.epochs == 0.0);
  if (by_steps) {
    const std::int64_t all = training.steps > 0 ? training.steps : kDefaultSteps;
    training.steps =
        std::max<std::int64_t>(kFewestSteps, std::llround(static_cast<double>(all) * share));
  }
  // The last weights are judged; validating on the way would only take time.
  training.validate_every = kNever;
  training.warmup_steps = std::min(training.warmup_steps, kFewestSteps);
  return training;
}

/// A model file beside the output, removed with its checkpoint at the end.
class TrialFile {
 public:
  explicit TrialFile(const std::string& output) : path_(output + ".trial") {}
  ~TrialFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(checkpoint_path_of(path_), ignored);
  }
  TrialFile(const TrialFile&) = delete;
  TrialFile& operator=(const TrialFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string trial_line(const RecipeTrial& trial) {
  if (!trial.failure.empty()) return "recipe " + trial.recipe + ": " + trial.failure;
  char line[160];
  std::snprintf(line, sizeof line, "recipe %-8s %5.0f s: whole records %.3f, fragments %.3f",
                trial.recipe.c_str(), trial.seconds, trial.score.whole, trial.score.fragments);
  return line;
}

/// The trials of one choice.
class Tournament {
 public:
  Tournament(const TrainRequest& request, const std::vector<TrainCandidate>& candidates)
      : candidates_(candidates),
        rounds_(rounds_of(candidates.size())),
        trial_(request),
        scoring_(*request.valid, candidates.front().training),
        file_(request.output) {
    trial_.output = file_.path();
    trial_.metrics_log.clear();
    trial_.start = TrainStart::kFresh;
  }

  RecipeTrial try_candidate(std::size_t candidate, std::size_t round, std::stop_token stop) {
    const TrainCandidate& settings = candidates_[candidate];
    trial_.model = settings.model;
    trial_.model.classes = trial_.train->classes;
    trial_.training = trial_settings(settings.training, round, rounds_);
    const Stopwatch watch;
    RecipeTrial trial;
    trial.recipe = settings.recipe;
    try {
      if (train(trial_, {}, stop).end == TrainEnd::kInterrupted) {
        throw Error("interrupted while recipes were tried; nothing is kept of that",
                    ErrorKind::kInterrupted);
      }
      trial.score = scoring_.score(file_.path(), trial_.device);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInterrupted) throw;
      trial.failure = error.what();
    }
    trial.seconds = watch.seconds();
    return trial;
  }

  std::size_t rounds() const { return rounds_.size(); }

 private:
  const std::vector<TrainCandidate>& candidates_;
  std::vector<std::size_t> rounds_;
  TrainRequest trial_;
  RecipeScoring scoring_;
  TrialFile file_;
};

}  // namespace

RecipeChoice choose_recipe(const TrainRequest& request,
                           const std::vector<TrainCandidate>& candidates,
                           const ServiceCallbacks& callbacks, std::stop_token stop) {
  if (candidates.empty()) throw Error("there is no recipe to choose from");
  RecipeChoice choice;
  std::vector<std::size_t> left(candidates.size());
  std::iota(left.begin(), left.end(), 0);
  Tournament tournament(request, candidates);
  for (std::size_t round = 0; round < tournament.rounds(); ++round) {
    std::vector<double> scores(candidates.size(), 0.0);
    for (const std::size_t candidate : left) {
      const RecipeTrial trial = tournament.try_candidate(candidate, round, stop);
      scores[candidate] = trial.score.mean();
      if (callbacks.log) callbacks.log(trial_line(trial));
      choice.trials.push_back(trial);
    }
    std::stable_sort(left.begin(), left.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    left.resize((left.size() + 1) / 2);
    // The order of the candidates decides ties in the next round as well.
    if (left.size() > 1) std::sort(left.begin(), left.end());
  }
  choice.winner = left.front();
  return choice;
}

std::vector<std::string> describe_choice(const RecipeChoice& choice) {
  std::vector<std::string> lines;
  for (const RecipeTrial& trial : choice.trials) lines.push_back(trial_line(trial));
  return lines;
}

}  // namespace paramixer
