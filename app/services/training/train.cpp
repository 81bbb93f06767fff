#include "app/services/training/train.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "app/services/base/build_facts.hpp"
#include "app/services/training/recipe_fit.hpp"
#include "app/services/training/recipe_record.hpp"
#include "app/services/training/validation_split.hpp"
#include "core/base/error.hpp"
#include "core/sequence/tokenizer.hpp"
#include "io/files/excerpt.hpp"
#include "models/network/device.hpp"

namespace paramixer {
namespace {

struct Splits {
  std::vector<LabelledRecord> train{};
  std::vector<LabelledRecord> valid{};
};

void log_line(const ServiceCallbacks& callbacks, const std::string& line) {
  if (callbacks.log) callbacks.log(line);
}

std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

/// The shortest record from which every candidate model makes a token.
std::int64_t least_bases(const TrainOptions& options) {
  std::int64_t least = 1;
  for (const TrainCandidate& candidate : options.candidates) {
    least = std::max(least, Tokenizer(candidate.model.tokens).span());
  }
  return options.candidates.empty() ? Tokenizer(options.model.tokens).span() : least;
}

/// The labels of the training records serve validation too, unless it has its own.
LabelOptions validation_labels(const TrainOptions& options) {
  if (!options.valid_labels.empty()) return {options.valid_labels, options.columns, ""};
  if (has_folder(options.valid_sequences)) return {};
  return {options.labels, options.columns, options.class_from_header};
}

Splits read_splits(const TrainOptions& options, const ServiceCallbacks& callbacks,
                   std::stop_token stop) {
  const LabelledInputs labelled = find_labels(
      options.records.sequences, {options.labels, options.columns, options.class_from_header});
  log_line(callbacks, "classes from " + labelled.labels->place());
  check_class_names(labelled.labels->classes());  // Before gigabytes are read.

  LabelledRecordOptions records = options.records;
  records.sequences = labelled.paths;
  records.least_bases = least_bases(options);
  Splits splits{.train = read_labelled_records(records, *labelled.labels, callbacks, stop)};
  if (!options.valid_sequences.empty()) {
    const LabelledInputs validation =
        find_labels(options.valid_sequences, validation_labels(options));
    log_line(callbacks, "classes of the validation records from " + validation.labels->place());
    records.sequences = validation.paths;
    splits.valid = read_labelled_records(records, *validation.labels, callbacks, stop);
    return splits;
  }
  std::vector<LabelledRecord> all = std::exchange(splits.train, {});
  const auto sides =
      split_for_validation(all, options.training.validation_share, options.training.seed);
  for (std::size_t i = 0; i < all.size(); ++i) {
    (sides[i] == Side::kValid ? splits.valid : splits.train).push_back(std::move(all[i]));
  }
  return splits;
}

std::vector<std::string> classes_of(const std::vector<LabelledRecord>& records) {
  std::set<std::string> names;
  for (const LabelledRecord& record : records) names.insert(record.class_name);
  return {names.begin(), names.end()};
}

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return text;
}

/// Warns of classes that are probably one, or too small to learn.
void log_doubtful_classes(const std::vector<LabelledRecord>& records,
                          const ServiceCallbacks& callbacks) {
  std::map<std::string, std::int64_t> counts;
  for (const LabelledRecord& record : records) ++counts[record.class_name];
  std::map<std::string, std::string> by_lower_case;
  std::vector<std::string> single;
  for (const auto& [name, count] : counts) {
    if (count == 1) single.push_back(name);
    const auto [entry, is_new] = by_lower_case.emplace(in_lower_case(name), name);
    if (!is_new) {
      log_line(callbacks, "the classes " + excerpt(entry->second) + " and " + excerpt(name) +
                              " differ only by case; are they one?");
    }
  }
  if (!single.empty()) {
    log_line(callbacks, "classes with a single training record (" + std::to_string(single.size()) +
                            "): " + listed(single));
  }
}

/// The classes of the training records, after comparing them with those of validation.
std::vector<std::string> checked_classes(const Splits& splits, const ServiceCallbacks& callbacks) {
  log_doubtful_classes(splits.train, callbacks);
  const std::vector<std::string> train = classes_of(splits.train);
  const std::vector<std::string> valid = classes_of(splits.valid);
  if (train.size() < 2) {
    throw Error("training needs records of at least two classes; found " +
                std::to_string(splits.train.size()) + " records of " +
                (train.empty() ? "none" : "one, '" + train.front() + "'"));
  }
  std::vector<std::string> missing;
  std::set_difference(valid.begin(), valid.end(), train.begin(), train.end(),
                      std::back_inserter(missing));
  if (!missing.empty()) {
    throw Error("the validation records have classes without any training record: " +
                listed(missing) + "; add training records or leave these out");
  }
  if (valid.empty()) {
    throw Error(
        "no record could be set aside for validation; label more records, or "
        "--valid-sequences");
  }
  std::set_difference(train.begin(), train.end(), valid.begin(), valid.end(),
                      std::back_inserter(missing));
  if (!missing.empty()) {
    log_line(callbacks,
             "no validation record for " + std::to_string(missing.size()) +
                 " classes, which the validation figures therefore ignore: " + listed(missing));
  }
  return train;
}

std::shared_ptr<const TrainingData> numbered(std::vector<LabelledRecord> records,
                                             const std::vector<std::string>& classes) {
  TrainingData data{.classes = classes, .records = {}};
  data.records.reserve(records.size());
  for (LabelledRecord& record : records) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), record.class_name);
    data.records.push_back({std::move(record.name), std::move(record.sequence),
                            static_cast<std::int32_t>(place - classes.begin())});
  }
  return std::make_shared<const TrainingData>(std::move(data));
}

std::size_t place_of(const std::string& recipe, const std::vector<TrainCandidate>& candidates) {
  const auto found =
      std::find_if(candidates.begin(), candidates.end(),
                   [&](const TrainCandidate& candidate) { return candidate.recipe == recipe; });
  if (found != candidates.end()) return static_cast<std::size_t>(found - candidates.begin());
  throw Error("the run to resume chose the recipe '" + recipe +
              "', which these settings do not offer; give the settings of its start");
}

/// Chooses among the candidates, or goes on with what the run to resume had chosen.
RecipeRecord recipe_for(const TrainRequest& request, const std::vector<TrainCandidate>& candidates,
                        const ServiceCallbacks& callbacks, std::stop_token stop) {
  if (request.start == TrainStart::kResume) return load_recipe_record(request.output);
  log_line(callbacks, "trying " + std::to_string(candidates.size()) + " recipes");
  const RecipeChoice choice = choose_recipe(request, candidates, callbacks, std::move(stop));
  RecipeRecord record{candidates[choice.winner].recipe, describe_choice(choice)};
  save_recipe_record(request.output, record);
  return record;
}

/// Takes the settings of the recipe that suits the data best, less the time that the choice took.
std::string adopt_recipe(TrainRequest& request, const TrainOptions& options,
                         const ServiceCallbacks& callbacks, std::stop_token stop) {
  const std::vector<TrainCandidate> candidates = candidates_that_fit(options.candidates, request);
  const RecipeRecord record = recipe_for(request, candidates, callbacks, std::move(stop));
  const TrainCandidate& winner = candidates[place_of(record.winner, candidates)];
  log_line(callbacks, "recipe: " + record.winner);
  request.model = winner.model;
  request.training = winner.training;
  request.training.time_limit_seconds *= 1.0 - kTrialShare;
  request.provenance["recipe"] = record.winner;
  std::string trials;
  for (const std::string& trial : record.trials) trials += (trials.empty() ? "" : "; ") + trial;
  request.provenance["recipe_trials"] = trials;
  return record.winner;
}

}  // namespace

TrainReport train(const TrainOptions& options, const ServiceCallbacks& callbacks,
                  std::stop_token stop) {
  std::int64_t rejected = 0;
  ServiceCallbacks counting = callbacks;
  counting.rejected = [&](const RejectedRecord& record) {
    ++rejected;
    if (callbacks.rejected) callbacks.rejected(record);
  };
  Splits splits = read_splits(options, counting, stop);
  const std::vector<std::string> classes = checked_classes(splits, callbacks);
  TrainReport report{.result = {},
                     .classes = std::ssize(classes),
                     .training_records = std::ssize(splits.train),
                     .validation_records = std::ssize(splits.valid),
                     .rejected_records = rejected};
  log_line(callbacks, std::to_string(report.training_records) + " training and " +
                          std::to_string(report.validation_records) + " validation records of " +
                          std::to_string(report.classes) + " classes" +
                          (rejected > 0 ? "; " + std::to_string(rejected) + " rejected" : ""));

  TrainRequest request{.model = options.model,
                       .training = options.training,
                       .train = numbered(std::move(splits.train), classes),
                       .valid = numbered(std::move(splits.valid), classes),
                       .output = options.output,
                       .metrics_log = options.metrics_log,
                       .device = options.device,
                       .start = options.start,
                       .provenance = options.provenance};
  if (!options.candidates.empty()) {
    report.recipe = adopt_recipe(request, options, callbacks, stop);
  }
  request.model.classes = classes;
  request.provenance["program"] = std::string("paramixer ") + program_version();
  request.provenance["command"] = options.command_line;
  request.provenance["created"] = now_utc();
  request.provenance["threads"] = std::to_string(compute_threads());
  report.result =
      train(std::move(request), {.progress = callbacks.progress, .log = callbacks.log}, stop);
  if (report.result.end != TrainEnd::kInterrupted) {
    std::filesystem::remove(recipe_record_path_of(options.output));
  }
  return report;
}

}  // namespace paramixer
