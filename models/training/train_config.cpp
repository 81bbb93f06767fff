#include "models/training/train_config.hpp"

#include "core/base/error.hpp"
#include "core/base/named_values.hpp"
#include "models/config/json_fields.hpp"
#include "models/config/setting_ranges.hpp"

namespace paramixer {
namespace {

constexpr NamedValues<OptimizerKind, 2> kOptimizers{
    "optimizer", {{{OptimizerKind::kAdamW, "adamw"}, {OptimizerKind::kAdam, "adam"}}}};
constexpr NamedValues<ScheduleKind, 2> kSchedules{
    "schedule", {{{ScheduleKind::kCosine, "cosine"}, {ScheduleKind::kConstant, "constant"}}}};
constexpr NamedValues<SamplingKind, 2> kSamplings{
    "sampling", {{{SamplingKind::kBalanced, "balanced"}, {SamplingKind::kNatural, "natural"}}}};
constexpr NamedValues<CropKind, 2> kCrops{
    "crop", {{{CropKind::kRandom, "random"}, {CropKind::kNone, "none"}}}};
constexpr NamedValues<ClassWeights, 2> kClassWeights{
    "class weights", {{{ClassWeights::kNone, "none"}, {ClassWeights::kBalanced, "balanced"}}}};
constexpr NamedValues<LinkStart, 3> kLinkStarts{"link start",
                                                {{{LinkStart::kPublished, "published"},
                                                  {LinkStart::kFullSize, "full-size"},
                                                  {LinkStart::kIdentity, "identity"}}}};
constexpr NamedValues<GrowFactors, 2> kGrowFactors{
    "growing factors", {{{GrowFactors::kAll, "all"}, {GrowFactors::kJoin, "join"}}}};
constexpr NamedValues<SelectMetric, 4> kSelectMetrics{
    "selection metric",
    {{{SelectMetric::kBalancedAccuracy, "balanced_accuracy"},
      {SelectMetric::kAccuracy, "accuracy"},
      {SelectMetric::kMacroF1, "macro_f1"},
      {SelectMetric::kLogLoss, "log_loss"}}}};

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
  visit("optimizer", config.optimizer, optimizer_kind_from);
  visit("learning_rate", config.learning_rate, kLearningRates);
  visit("weight_decay", config.weight_decay, kDecays);
  visit("clip_norm", config.clip_norm, kNorms);
  visit("schedule", config.schedule, schedule_kind_from);
  visit("warmup_steps", config.warmup_steps, kCounts);
  visit("steps", config.steps, kCounts);
  visit("epochs", config.epochs, kEpochs);
  visit("time_limit_seconds", config.time_limit_seconds, kSeconds);
  visit("batch_size", config.batch_size, kBatchSizes);
  visit("batch_bases", config.batch_bases, kSomeBases);
  visit("sampling", config.sampling, sampling_kind_from);
  visit("class_weights", config.class_weights, class_weights_from);
  visit("crop", config.crop, crop_kind_from);
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
  visit("link_start", config.link_start, link_start_from);
  visit("grow_from", config.grow_from, kLengthRange);
  visit("grow_accuracy", config.grow_accuracy, kShareRange);
  visit("grow_factors", config.grow_factors, grow_factors_from);
  visit("recompute", config.recompute, recompute_from);
  visit("validate_every", config.validate_every, kSomeCounts);
  visit("validation_windows", config.validation_windows, kSomeCounts);
  visit("validation_share", config.validation_share, kInnerShares);
  visit("select", config.select, select_metric_from);
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

TrainConfig with_json_settings(TrainConfig base, const std::string& text) {
  JsonFieldReader reader(parse_json(text, "training configuration"), "training configuration");
  visit_fields(base, reader);
  reader.finish();
  return base;
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

const char* name_of(OptimizerKind value) { return kOptimizers.name_of(value); }
const char* name_of(ScheduleKind value) { return kSchedules.name_of(value); }
const char* name_of(SamplingKind value) { return kSamplings.name_of(value); }
const char* name_of(CropKind value) { return kCrops.name_of(value); }
const char* name_of(ClassWeights value) { return kClassWeights.name_of(value); }
const char* name_of(LinkStart value) { return kLinkStarts.name_of(value); }
const char* name_of(GrowFactors value) { return kGrowFactors.name_of(value); }
const char* name_of(SelectMetric value) { return kSelectMetrics.name_of(value); }
OptimizerKind optimizer_kind_from(std::string_view name) { return kOptimizers.value_from(name); }
ScheduleKind schedule_kind_from(std::string_view name) { return kSchedules.value_from(name); }
SamplingKind sampling_kind_from(std::string_view name) { return kSamplings.value_from(name); }
CropKind crop_kind_from(std::string_view name) { return kCrops.value_from(name); }
ClassWeights class_weights_from(std::string_view name) { return kClassWeights.value_from(name); }
LinkStart link_start_from(std::string_view name) { return kLinkStarts.value_from(name); }
GrowFactors grow_factors_from(std::string_view name) { return kGrowFactors.value_from(name); }
SelectMetric select_metric_from(std::string_view name) { return kSelectMetrics.value_from(name); }

}  // namespace paramixer
