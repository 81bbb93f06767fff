#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/sequence/read_errors.hpp"
#include "models/config/model_config.hpp"
#include "models/config/recompute.hpp"

namespace paramixer {

enum class OptimizerKind { kAdamW, kAdam };

template <>
struct EnumNames<OptimizerKind> {
  static constexpr const char* kWhat = "optimizer";
  static constexpr EnumName<OptimizerKind> kTable[] = {{OptimizerKind::kAdamW, "adamw"},
                                                       {OptimizerKind::kAdam, "adam"}};
};
enum class ScheduleKind { kCosine, kConstant };

template <>
struct EnumNames<ScheduleKind> {
  static constexpr const char* kWhat = "schedule";
  static constexpr EnumName<ScheduleKind> kTable[] = {{ScheduleKind::kCosine, "cosine"},
                                                      {ScheduleKind::kConstant, "constant"}};
};

enum class SamplingKind {
  kBalanced,  ///< Every class equally often.
  kNatural,   ///< Every record once an epoch.
};

template <>
struct EnumNames<SamplingKind> {
  static constexpr const char* kWhat = "sampling";
  static constexpr EnumName<SamplingKind> kTable[] = {{SamplingKind::kBalanced, "balanced"},
                                                      {SamplingKind::kNatural, "natural"}};
};

enum class CropKind {
  kRandom,  ///< Records longer than the window give a random window each time.
  kNone,    ///< Whole records only; a record that does not fit is an error.
};

template <>
struct EnumNames<CropKind> {
  static constexpr const char* kWhat = "crop";
  static constexpr EnumName<CropKind> kTable[] = {{CropKind::kRandom, "random"},
                                                  {CropKind::kNone, "none"}};
};

enum class ClassWeights { kNone, kBalanced };

template <>
struct EnumNames<ClassWeights> {
  static constexpr const char* kWhat = "class weights";
  static constexpr EnumName<ClassWeights> kTable[] = {{ClassWeights::kNone, "none"},
                                                      {ClassWeights::kBalanced, "balanced"}};
};

/// Initialisation of the links of every f_m.
enum class LinkStart {
  kPublished,  ///< torch's default initialisation of both layers.
  kFullSize,   ///< Normal weights scaled so that links start with a variance of about 1/L.
  kIdentity,  ///< Last layer zero: every factor starts as the identity and mixing grows from there.
};

template <>
struct EnumNames<LinkStart> {
  static constexpr const char* kWhat = "link start";
  static constexpr EnumName<LinkStart> kTable[] = {{LinkStart::kIdentity, "identity"},
                                                   {LinkStart::kFullSize, "full-size"},
                                                   {LinkStart::kPublished, "published"}};
};

/// The factors in use while the length grows.
enum class GrowFactors {
  kAll,   ///< All from the start.
  kJoin,  ///< As many as the current length needs; new ones join as the identity.
};

template <>
struct EnumNames<GrowFactors> {
  static constexpr const char* kWhat = "growing factors";
  static constexpr EnumName<GrowFactors> kTable[] = {{GrowFactors::kAll, "all"},
                                                     {GrowFactors::kJoin, "join"}};
};

enum class SelectMetric { kBalancedAccuracy, kAccuracy, kMacroF1, kLogLoss };

template <>
struct EnumNames<SelectMetric> {
  static constexpr const char* kWhat = "selection metric";
  static constexpr EnumName<SelectMetric> kTable[] = {
      {SelectMetric::kBalancedAccuracy, "balanced_accuracy"},
      {SelectMetric::kAccuracy, "accuracy"},
      {SelectMetric::kMacroF1, "macro_f1"},
      {SelectMetric::kLogLoss, "log_loss"}};
};

/// All settings of a training run, with defaults that train a good classifier from sequences and
/// labels alone.
struct TrainConfig {
  OptimizerKind optimizer = OptimizerKind::kAdamW;
  double learning_rate = 3e-3;
  double weight_decay = 0.01;
  double clip_norm = 1.0;  ///< Global gradient norm; 0 turns clipping off.
  ScheduleKind schedule = ScheduleKind::kCosine;
  std::int64_t warmup_steps = 50;
  std::int64_t steps =
      0;  ///< 0: from `epochs`, or 3,000 when neither is given and there is no time limit.
  double epochs = 0.0;  ///< One epoch is as many samples as there are training records.
  double time_limit_seconds =
      0.0;  ///< 0: none. The schedule then follows whichever of steps and time is further.

  std::int64_t batch_size = 0;       ///< Sequences per step; 0: from batch_bases.
  std::int64_t batch_bases = 32768;  ///< Bases per step when batch_size is 0.
  SamplingKind sampling = SamplingKind::kBalanced;
  ClassWeights class_weights = ClassWeights::kNone;
  CropKind crop = CropKind::kRandom;
  std::int64_t min_window = 300;    ///< Bases; each step draws its window length log-uniformly.
  std::int64_t max_window = 0;      ///< Bases; 0: what fits into the model's max_length.
  double reverse_complement = 0.5;  ///< Probability.
  double error_share = 0.5;         ///< Share of windows that get simulated read errors.
  ReadErrorRates errors{0.02, 0.015, 0.015};
  /// Windows become simulated relatives (core/sequence/evolution.hpp), each at a distance drawn
  /// from 0 up to this one.
  double divergence = 0.0;
  /// Share of windows that are replaced by decoys (core/sequence/decoy.hpp), whose target
  /// probabilities are equal: the model learns to be uncertain about unknown sequences. With decoys
  /// the model file gets the novelty above which a record is left unclassified.
  double decoy_share = 0.0;
  double known_kept = 0.95;  ///< Share of validation windows that this novelty keeps.
  double label_smoothing = 0.0;
  double average_decay =
      0.0;  ///< Decay of the moving average of the weights; 0: the weights themselves.

  LinkStart link_start = LinkStart::kIdentity;
  /// Growing length: start with records (crop none) or windows (crop random) of at most this many
  /// bases; 0 turns it off.
  std::int64_t grow_from = 0;
  double grow_accuracy = 0.97;  ///< Running training accuracy at which the length doubles.

  GrowFactors grow_factors = GrowFactors::kAll;

  Recompute recompute = Recompute::kNone;  ///< On the CPU; does not change the results.

  std::int64_t validate_every = 200;  ///< Steps.
  std::int64_t validation_windows =
      1000;  ///< At most this many windows are drawn from the validation records.
  double validation_share = 0.15;  ///< When no validation file is given.
  SelectMetric select = SelectMetric::kBalancedAccuracy;
  std::int64_t patience = 0;  ///< Validations without improvement before stopping; 0: never.
  std::uint64_t seed = 1;
};

std::string to_json(const TrainConfig& config);
/// Overlays the keys of a JSON object on `base` (the `training` part of a --config file). Throws
/// Error naming the key.
TrainConfig with_settings(TrainConfig base, const nlohmann::json& settings);
/// with_settings() of JSON text.
TrainConfig with_json_settings(TrainConfig base, const std::string& json);
/// Throws Error naming the field for a value out of range.
void validate(const TrainConfig& config);

}  // namespace paramixer
