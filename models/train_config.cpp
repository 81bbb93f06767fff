#include "models/train_config.hpp"

#include "core/base/error.hpp"
#include "core/base/named_values.hpp"
#include "models/json_fields.hpp"

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

template <typename Visitor>
void visit_fields(TrainConfig& config, Visitor& visit) {
  visit("optimizer", config.optimizer, optimizer_kind_from);
  visit("learning_rate", config.learning_rate);
  visit("weight_decay", config.weight_decay);
  visit("clip_norm", config.clip_norm);
  visit("schedule", config.schedule, schedule_kind_from);
  visit("warmup_steps", config.warmup_steps);
  visit("steps", config.steps);
  visit("epochs", config.epochs);
  visit("time_limit_seconds", config.time_limit_seconds);
  visit("batch_size", config.batch_size);
  visit("batch_bases", config.batch_bases);
  visit("sampling", config.sampling, sampling_kind_from);
  visit("class_weights", config.class_weights, class_weights_from);
  visit("crop", config.crop, crop_kind_from);
  visit("min_window", config.min_window);
  visit("max_window", config.max_window);
  visit("reverse_complement", config.reverse_complement);
  visit("error_share", config.error_share);
  visit("substitution_rate", config.errors.substitution);
  visit("insertion_rate", config.errors.insertion);
  visit("deletion_rate", config.errors.deletion);
  visit("link_start", config.link_start, link_start_from);
  visit("grow_from", config.grow_from);
  visit("grow_accuracy", config.grow_accuracy);
  visit("grow_factors", config.grow_factors, grow_factors_from);
  visit("recompute", config.recompute, recompute_from);
  visit("validate_every", config.validate_every);
  visit("validation_windows", config.validation_windows);
  visit("validation_share", config.validation_share);
  visit("select", config.select, select_metric_from);
  visit("patience", config.patience);
  visit("seed", config.seed);
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
  const auto is_share = [](double value) { return value >= 0.0 && value <= 1.0; };
  const auto is_rate = [](double value) { return value >= 0.0 && value < 1.0; };
  require(config.learning_rate > 0.0, "learning_rate", "above 0");
  require(config.weight_decay >= 0.0, "weight_decay", "0 or more");
  require(config.clip_norm >= 0.0, "clip_norm", "0 or more");
  require(config.warmup_steps >= 0, "warmup_steps", "0 or more");
  require(config.steps >= 0, "steps", "0 or more");
  require(config.epochs >= 0.0, "epochs", "0 or more");
  require(config.time_limit_seconds >= 0.0, "time_limit", "0 or more");
  require(config.batch_size >= 0, "batch_size", "0 or more");
  require(config.batch_bases >= 1, "batch_bases", "1 or more");
  require(config.min_window >= 1, "min_window", "1 or more");
  require(config.max_window == 0 || config.max_window >= config.min_window, "max_window",
          "0 or at least min_window");
  require(is_share(config.reverse_complement), "reverse_complement", "between 0 and 1");
  require(is_share(config.error_share), "error_share", "between 0 and 1");
  require(is_rate(config.errors.substitution), "substitution_rate", "at least 0 and below 1");
  require(is_rate(config.errors.insertion), "insertion_rate", "at least 0 and below 1");
  require(is_rate(config.errors.deletion), "deletion_rate", "at least 0 and below 1");
  require(config.grow_from >= 0, "grow_from", "0 or more");
  require(is_share(config.grow_accuracy), "grow_accuracy", "between 0 and 1");
  require(config.grow_factors == GrowFactors::kAll || config.grow_from > 0, "grow_factors",
          "'all' unless grow_from is set");
  require(config.validate_every >= 1, "validate_every", "1 or more");
  require(config.validation_windows >= 1, "validation_windows", "1 or more");
  require(config.validation_share > 0.0 && config.validation_share < 1.0, "validation_share",
          "above 0 and below 1");
  require(config.patience >= 0, "patience", "0 or more");
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
