#include "models/training/train_config.hpp"

#include "core/base/error.hpp"
#include "models/config/json_fields.hpp"
#include "models/config/setting_ranges.hpp"

namespace paramixer {
namespace {

// The upper bounds are far above sensible values and far below overflow.
constexpr NumberRange kCounts{0.0, 1e12};
constexpr NumberRange kSomeCounts{1.0, 1e12};
constexpr NumberRange kSomeBases{1.0, 1e12};
constexpr NumberRange kWindows{1.0, static_cast<double>(kMostPositions)};
constexpr NumberRange kBatchSizes{0.0, kBatchRange.most};
constexpr NumberRange kLearningRates{0.0, 1e6, RangeEnd::kExcluded};
constexpr NumberRange kDecays{0.0, 1000.0};
constexpr NumberRange kNorms{0.0, 1e6};
constexpr NumberRange kEpochs{0.0, 1e6};
constexpr NumberRange kSeconds{0.0, 1e9};
constexpr NumberRange kInnerShares{0.0, 1.0, RangeEnd::kExcluded, RangeEnd::kExcluded};
constexpr NumberRange kSeeds{0.0, 0x1p64};

template <typename Visitor>
void visit_fields(TrainConfig& config, Visitor& visit) {
  visit("optimizer", config.optimizer);
  visit("learning_rate", config.learning_rate, kLearningRates);
  visit("weight_decay", config.weight_decay, kDecays);
  visit("clip_norm", config.clip_norm, kNorms);
  visit("schedule", config.schedule);
  visit("warmup_steps", config.warmup_steps, kCounts);
  visit("steps", config.steps, kCounts);
  visit("epochs", config.epochs, kEpochs);
  visit("time_limit_seconds", config.time_limit_seconds, kSeconds);
  visit("batch_size", config.batch_size, kBatchSizes);
  visit("batch_bases", config.batch_bases, kSomeBases);
  visit("sampling", config.sampling);
  visit("class_weights", config.class_weights);
  visit("crop", config.crop);
  visit("min_window", config.min_window, kWindows);
  visit("max_window", config.max_window, kLengthRange);
  visit("reverse_complement", config.reverse_complement, kShareRange);
  visit("error_share", config.error_share, kShareRange);
  visit("substitution_rate", config.errors.substitution, kRateRange);
  visit("insertion_rate", config.errors.insertion, kRateRange);
  visit("deletion_rate", config.errors.deletion, kRateRange);
  visit("divergence", config.divergence, kShareRange);
  visit("decoy_share", config.decoy_share, kShareRange);
  visit("known_kept", config.known_kept, kInnerShares);
  visit("label_smoothing", config.label_smoothing, kRateRange);
  visit("average_decay", config.average_decay, kRateRange);
  visit("link_start", config.link_start);
  visit("grow_from", config.grow_from, kLengthRange);
  visit("grow_accuracy", config.grow_accuracy, kShareRange);
  visit("grow_factors", config.grow_factors);
  visit("recompute", config.recompute);
  visit("validate_every", config.validate_every, kSomeCounts);
  visit("validation_windows", config.validation_windows, kSomeCounts);
  visit("validation_share", config.validation_share, kInnerShares);
  visit("select", config.select);
  visit("patience", config.patience, kCounts);
  visit("seed", config.seed, kSeeds);
}

void require(bool holds, const char* field, const char* expected) {
  if (!holds)
    throw usage_error(std::string("training setting '") + field + "' must be " + expected);
}

}  // namespace

std::string to_json(const TrainConfig& config) {
  TrainConfig copy = config;
  JsonFieldWriter writer;
  visit_fields(copy, writer);
  return writer.json().dump();
}

TrainConfig with_settings(TrainConfig base, const nlohmann::json& settings) {
  JsonFieldReader reader(settings, "training configuration");
  visit_fields(base, reader);
  reader.finish();
  return base;
}

TrainConfig with_json_settings(TrainConfig base, const std::string& json) {
  return with_settings(base, parse_json(json, "training configuration"));
}

void validate(const TrainConfig& config) {
  TrainConfig copy = config;
  SettingCheck check("training setting", ErrorKind::kUsage);
  visit_fields(copy, check);
  require(config.max_window == 0 || config.max_window >= config.min_window, "max_window",
          "0 or at least min_window");
  require(config.grow_factors == GrowFactors::kAll || config.grow_from > 0, "grow_factors",
          "'all' unless grow_from is set");
}

NumberRange train_setting_range(const std::string& key) {
  TrainConfig config;
  SettingRanges ranges;
  visit_fields(config, ranges);
  return ranges.at(key);
}

std::vector<std::string> train_setting_names(const std::string& key) {
  TrainConfig config;
  SettingNames names;
  visit_fields(config, names);
  return names.at(key);
}

}  // namespace paramixer
