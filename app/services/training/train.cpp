#include "app/services/training/train.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "app/services/base/build_facts.hpp"
#include "app/services/training/recipe_record.hpp"
#include "app/services/training/validation_split.hpp"
#include "core/base/error.hpp"

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

Splits read_splits(const TrainOptions& options, const ServiceCallbacks& callbacks,
                   std::stop_token stop) {
  const LabelTable labels = LabelTable::read(options.labels, options.columns);
  check_class_names(labels.classes());  // Before gigabytes are read.

  Splits splits{.train = read_labelled_records(options.records, labels, callbacks, stop)};
  if (!options.valid_sequences.empty()) {
    LabelledRecordOptions records = options.records;
    records.sequences = options.valid_sequences;
    splits.valid = options.valid_labels.empty()
                       ? read_labelled_records(records, labels, callbacks, stop)
                       : read_labelled_records(
                             records, LabelTable::read(options.valid_labels, options.columns),
                             callbacks, stop);
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

std::string list_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  }
  return names.size() > kShown ? text + ", ..." : text;
}

/// The classes of the training records, after comparing them with those of validation.
std::vector<std::string> checked_classes(const Splits& splits, const ServiceCallbacks& callbacks) {
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
                list_of(missing) + "; add training records or leave these out");
  }
  if (valid.empty()) {
    throw Error(
        "no record could be set aside for validation; give more records a class, or "
        "--valid-sequences");
  }
  std::set_difference(train.begin(), train.end(), valid.begin(), valid.end(),
                      std::back_inserter(missing));
  if (!missing.empty()) {
    log_line(callbacks,
             "no validation record for " + std::to_string(missing.size()) +
                 " classes, which the validation figures therefore ignore: " + list_of(missing));
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

constexpr std::int64_t kShortRecord = 600;

/// Lengths of the records of a run.
struct RecordLengths {
  explicit RecordLengths(const TrainRequest& request) {
    for (const TrainingData* data : {request.train.get(), request.valid.get()}) {
      for (const LabelledSequence& record : data->records) {
        longest = std::max(longest, std::int64_t{std::ssize(record.sequence)});
        shortest = std::min(shortest, std::int64_t{std::ssize(record.sequence)});
      }
    }
  }

  std::int64_t longest = 0;
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
};

/// Fits the settings to records of these lengths; false when they can't be trained on them, or are
/// for records of another kind. A fixed length becomes that of the records, which must be about
/// equally long.
bool fit(TrainCandidate& candidate, const RecordLengths& lengths) {
  const bool whole = candidate.training.crop == CropKind::kNone;
  if (whole && lengths.longest > candidate.model.max_length) return false;
  const bool are_short = lengths.longest <= kShortRecord;
  if (are_short ? candidate.suits == RecordKind::kLong : candidate.suits == RecordKind::kShort) {
    return false;
  }
  if (candidate.model.length == LengthKind::kActual) return true;
  candidate.model.max_length = std::min(candidate.model.max_length, lengths.longest);
  return lengths.shortest * 10 >= lengths.longest * 9;
}

std::vector<TrainCandidate> suitable(std::vector<TrainCandidate> candidates,
                                     const TrainRequest& request) {
  const RecordLengths lengths(request);
  std::vector<TrainCandidate> suited;
  for (TrainCandidate& candidate : candidates) {
    if (fit(candidate, lengths)) suited.push_back(std::move(candidate));
  }
  return suited;
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
  const std::vector<TrainCandidate> candidates = suitable(options.candidates, request);
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
  Splits splits = read_splits(options, callbacks, stop);
  const std::vector<std::string> classes = checked_classes(splits, callbacks);
  TrainReport report{.result = {},
                     .classes = std::ssize(classes),
                     .training_records = std::ssize(splits.train),
                     .validation_records = std::ssize(splits.valid)};
  log_line(callbacks, std::to_string(report.training_records) + " training and " +
                          std::to_string(report.validation_records) + " validation records of " +
                          std::to_string(report.classes) + " classes");

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
  report.result =
      train(std::move(request), {.progress = callbacks.progress, .log = callbacks.log}, stop);
  if (report.result.end != TrainEnd::kInterrupted) {
    std::filesystem::remove(recipe_record_path_of(options.output));
  }
  return report;
}

}  // namespace paramixer
