#include "app/services/training/train.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <set>
#include <utility>

#include "app/services/base/build_facts.hpp"
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
  // Meaningless settings must be found before gigabytes are read.
  validate(options.training);
  ModelConfig model = options.model;
  model.classes = labels.classes();
  validated(std::move(model));

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
        "no record could be set aside for validation; label more records, or "
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

TrainingData numbered(std::vector<LabelledRecord> records,
                      const std::vector<std::string>& classes) {
  TrainingData data{.classes = classes, .records = {}};
  data.records.reserve(records.size());
  for (LabelledRecord& record : records) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), record.class_name);
    data.records.push_back({std::move(record.name), std::move(record.sequence),
                            static_cast<std::int32_t>(place - classes.begin())});
  }
  return data;
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

  TrainRun run{.model = options.model,
               .training = options.training,
               .train = numbered(std::move(splits.train), classes),
               .valid = numbered(std::move(splits.valid), classes),
               .output = options.output,
               .metrics_log = options.metrics_log,
               .device = options.device,
               .start = options.start,
               .provenance = options.provenance};
  run.model.classes = classes;
  run.provenance["program"] = std::string("paramixer ") + program_version();
  run.provenance["command"] = options.command_line;
  run.provenance["created"] = now_utc();
  run.provenance["training_records"] = std::to_string(report.training_records);
  run.provenance["validation_records"] = std::to_string(report.validation_records);
  report.result = train(run, {.progress = callbacks.progress, .log = callbacks.log}, stop);
  return report;
}

}  // namespace paramixer
