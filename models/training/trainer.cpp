#include "models/training/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/metrics/calibration.hpp"
#include "io/files/output_file.hpp"
#include "models/file/model_file.hpp"
#include "models/network/device.hpp"
#include "models/training/adam.hpp"
#include "models/training/batch_sampler.hpp"
#include "models/training/data_fingerprint.hpp"
#include "models/training/learning_rate.hpp"
#include "models/training/length_growth.hpp"
#include "models/training/link_start.hpp"
#include "models/training/metrics_log.hpp"
#include "models/training/step_memory.hpp"
#include "models/training/train_checkpoint.hpp"
#include "models/training/training_loss.hpp"
#include "models/training/validation_set.hpp"

namespace paramixer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kDefaultSteps = 3000;
constexpr double kMeanSmoothing = 0.98;

std::map<std::string, double> summary(const ClassificationMetrics& metrics) {
  return {{"accuracy", metrics.accuracy},
          {"balanced_accuracy", metrics.balanced_accuracy},
          {"macro_f1", metrics.macro_f1},
          {"log_loss", metrics.log_loss},
          {"windows", static_cast<double>(metrics.records)}};
}

std::string describe_calibration(const ModelCard& card) {
  char text[160];
  std::snprintf(text, sizeof text, "calibrated on the validation windows: temperature %.3f",
                card.temperature);
  std::string line = text;
  if (card.max_novelty < 1.0) {
    std::snprintf(text, sizeof text, "; records of a novelty above %.3f are left unclassified",
                  card.max_novelty);
    line += text;
  }
  return line;
}

/// The loop of one training run, from its start to one of its ends.
class TrainingLoop {
 public:
  TrainingLoop(const TrainRequest& request, const TrainCallbacks& callbacks)
      : request_(request),
        callbacks_(callbacks),
        device_(request.device),
        sampler_(*request_.train, request_.model, request_.training),
        growth_(request_.training, sampler_.final_length()),
        identity_{training_fingerprint(request_), training_settings(request_)},
        loss_(*request_.train, request_.training, device_) {
    torch::manual_seed(request_.training.seed);
    model_ =
        std::make_shared<Paramixer>(request_.model, std::make_shared<MixEngine>(compute_threads()));
    start_links(*model_, request_.training.link_start);
    if (request_.training.grow_factors == GrowFactors::kJoin) {
      start_factors_as_identity(*model_, factors_now());
      model_->set_active_factors(factors_now());
    }
    model_->to(device_);
    model_->set_recompute(request_.training.recompute);
    model_->train();
    optimizer_ = std::make_unique<Adam>(*model_, request_.training);
    average_ = std::make_unique<WeightAverage>(*model_, request_.training.average_decay);
    if (request_.start == TrainStart::kResume) resume();
    log_ = std::make_unique<MetricsLog>(request_.metrics_log, state_.step);
    start_validation();
    say(describe_mixing_memory(request_.model, sampler_.most_positions(),
                               request_.training.recompute));
  }

  TrainResult run(std::stop_token stop) {
    began_ = Clock::now();
    seconds_before_ = state_.seconds;
    while (true) {
      if (stop.stop_requested()) return interrupted();
      if (progress() >= 1.0)
        return ended(out_of_time() ? TrainEnd::kTimeLimit : TrainEnd::kFinished);
      step();
      if (state_.step % request_.training.validate_every == 0) {
        validate();
        write_checkpoint();
        if (request_.training.patience > 0 &&
            state_.validations_since_best >= request_.training.patience) {
          return ended(TrainEnd::kEarlyStop);
        }
      }
    }
  }

 private:
  void resume() {
    state_ = load_checkpoint(checkpoint_path_of(request_.output), trained_parts(), identity_);
    sampler_.restore(state_.sampler);
    growth_.restore(state_.growth);
    model_->set_active_factors(state_.active_factors);
    has_checkpoint_ = true;
    say("resumed at step " + std::to_string(state_.step));
  }

  std::int64_t factors_now() const {
    return request_.training.grow_factors == GrowFactors::kJoin
               ? factors_for_length(request_.model, growth_.state().length)
               : request_.model.resolved_factors();
  }

  double seconds() const {
    return seconds_before_ + std::chrono::duration<double>(Clock::now() - began_).count();
  }

  bool out_of_time() const {
    return request_.training.time_limit_seconds > 0.0 &&
           seconds() >= request_.training.time_limit_seconds;
  }

  std::int64_t total_steps() const {
    const TrainConfig& config = request_.training;
    if (config.steps > 0) return config.steps;
    return config.epochs > 0.0 || config.time_limit_seconds > 0.0 ? 0 : kDefaultSteps;
  }

  /// Share of the run that is over.
  double progress() const {
    const TrainConfig& config = request_.training;
    double share = 0.0;
    if (total_steps() > 0) {
      share = static_cast<double>(state_.step) / static_cast<double>(total_steps());
    } else if (config.epochs > 0.0) {
      share = sampler_.epochs() / config.epochs;
    }
    if (config.time_limit_seconds > 0.0) {
      share = std::max(share, seconds() / config.time_limit_seconds);
    }
    return share;
  }

  void step() {
    const TrainConfig& config = request_.training;
    const ModelConfig& model = request_.model;
    learning_rate_ = learning_rate_at(config, state_.step, progress());
    sampler_.draw(state_.step, growth_.state().length, batch_);
    if (model.embedding_dropout + model.token_dropout + model.value_dropout > 0.0) {
      // Dropout masks depend on the step number, so that a resumed run draws the same.
      torch::manual_seed(Random(config.seed, 1, static_cast<std::uint64_t>(state_.step)).next());
    }
    const torch::Tensor labels = torch::tensor(batch_.labels, torch::kLong).to(device_);
    optimizer_->zero_grad();
    const torch::Tensor logits = model_->forward(to_model_input(batch_.tokens, device_));
    const torch::Tensor loss = loss_(logits, labels);
    const double loss_value = loss.item<double>();
    if (!std::isfinite(loss_value)) throw not_finite("loss", state_.step + 1);
    loss.backward();
    if (config.clip_norm > 0.0) {
      const double norm = torch::nn::utils::clip_grad_norm_(model_->parameters(), config.clip_norm);
      if (!std::isfinite(norm)) throw not_finite("gradient", state_.step + 1);
    }
    optimizer_->step(learning_rate_);
    average_->update(state_.step);
    note_step(loss_value, accuracy_of(logits, labels));
  }

  void note_step(double loss, double accuracy) {
    const double smoothing = state_.step == 0 ? 0.0 : kMeanSmoothing;
    state_.loss_mean = smoothing * state_.loss_mean + (1.0 - smoothing) * loss;
    state_.accuracy_mean = smoothing * state_.accuracy_mean + (1.0 - smoothing) * accuracy;
    ++state_.step;
    bases_ += batch_.bases;
    if (growth_.observe(accuracy)) grow();
    report();
  }

  void grow() {
    sampler_.start_stage();
    if (request_.training.grow_factors == GrowFactors::kJoin) {
      model_->set_active_factors(factors_now());
    }
    // Scores on shorter sequences do not carry over to longer ones, so the best score is reset.
    state_.has_best = false;
    state_.validations_since_best = 0;
    start_validation();
    say("step " + std::to_string(state_.step) + ": length grows to " +
        std::to_string(growth_.state().length) + " bases, " +
        std::to_string(model_->active_factors()) + " factors, after " + seconds_text());
  }

  void start_validation() {
    validation_ = std::make_unique<ValidationSet>(*request_.valid, request_.model,
                                                  request_.training, growth_.state().length);
  }

  ClassificationMetrics validation_metrics() {
    try {
      return validation_->evaluate(*model_, device_);
    } catch (const Error&) {  // A probability is NaN; nothing else can fail here.
      throw not_finite("validation loss", state_.step);
    }
  }

  void validate() {
    const WeightAverage::InUse averaged(*average_);
    judge();
  }

  void judge() {
    const ClassificationMetrics metrics = validation_metrics();
    const double value = selection_value(metrics, request_.training.select);
    const bool better = !state_.has_best || value > state_.best_value;
    if (better) {
      state_.has_best = true;
      state_.best_value = value;
      state_.best_step = state_.step;
      state_.best_metrics = summary(metrics);
      state_.validations_since_best = 0;
      save_best();
    } else {
      ++state_.validations_since_best;
    }
    log_->write(
        {state_.step, sampler_.epochs(), state_.seconds, learning_rate_, growth_.state().length,
         model_->active_factors(), state_.loss_mean, state_.accuracy_mean},
        metrics);
    char line[256];
    std::snprintf(
        line, sizeof line,
        "step %lld: loss %.4f, training accuracy %.4f; validation accuracy %.4f, balanced "
        "%.4f, log loss %.4f%s, after %s",
        static_cast<long long>(state_.step), state_.loss_mean, state_.accuracy_mean,
        metrics.accuracy, metrics.balanced_accuracy, metrics.log_loss, better ? " (best)" : "",
        seconds_text().c_str());
    say(line);
  }

  TrainedParts trained_parts() { return {*model_, *optimizer_, *average_}; }

  /// The best model's temperature and, when it knows decoys, its least confidence.
  void calibrate_best() const {
    LoadedModel best =
        load_model(request_.output, std::make_shared<MixEngine>(compute_threads()), device_);
    const LabelledLogits scored = validation_->logits(*best.model, device_);
    ModelCard& card = best.card;
    card.temperature = fit_temperature(scored);
    if (request_.training.decoy_share > 0.0) {
      card.max_novelty = novelty_that_keeps(scored, request_.training.known_kept);
    }
    save_model(request_.output, *best.model, card);
    say(describe_calibration(card));
  }

  void save_best() const {
    ModelCard card;
    card.config = request_.model;
    card.trained_length = growth_.state().length;
    const bool averages = request_.model.tokens.strand == TokenStrand::kForward &&
                          request_.training.reverse_complement > 0.0;
    card.strand = averages ? "both" : "forward";
    card.provenance = request_.provenance;
    card.provenance["training_configuration"] = to_json(request_.training);
    card.provenance["training_step"] = std::to_string(state_.step);
    card.provenance["training_seconds"] = std::to_string(std::llround(seconds()));
    card.provenance["training_records"] = std::to_string(request_.train->records.size());
    card.provenance["validation_records"] = std::to_string(request_.valid->records.size());
    card.metrics = state_.best_metrics;
    save_model(request_.output, *model_, card);
  }

  void write_checkpoint() {
    state_.sampler = sampler_.state();
    state_.growth = growth_.state();
    state_.active_factors = model_->active_factors();
    state_.seconds = seconds();
    save_checkpoint(checkpoint_path_of(request_.output), state_, trained_parts(), identity_);
    has_checkpoint_ = true;
  }

  TrainResult interrupted() {
    write_checkpoint();
    say("interrupted at step " + std::to_string(state_.step) + "; continue with --resume");
    return result(TrainEnd::kInterrupted);
  }

  TrainResult ended(TrainEnd end) {
    if (state_.step == 0) throw Error("the time limit ended before the first training step");
    if (!state_.has_best || state_.step % request_.training.validate_every != 0) validate();
    calibrate_best();
    std::filesystem::remove(checkpoint_path_of(request_.output));
    return result(end);
  }

  TrainResult result(TrainEnd end) const {
    return {end, state_.step, state_.best_step, seconds(), state_.best_metrics};
  }

  Error not_finite(const std::string& what, std::int64_t step) const {
    std::string text = "the " + what + " is not finite at step " + std::to_string(step) +
                       " (learning rate " + std::to_string(learning_rate_) +
                       "); use a lower --learning-rate or a smaller --clip-norm";
    if (has_checkpoint_) {
      text += "; the last good checkpoint is " + checkpoint_path_of(request_.output);
      if (state_.has_best) text += ", the best model so far is " + request_.output;
    }
    return Error(text);
  }

  std::string seconds_text() const { return std::to_string(std::llround(seconds())) + " s"; }

  void say(const std::string& line) const {
    if (callbacks_.log) callbacks_.log(line);
  }

  void report() const {
    if (!callbacks_.progress) return;
    char note[96];
    std::snprintf(note, sizeof note, "loss %.3f, accuracy %.3f, length %lld", state_.loss_mean,
                  state_.accuracy_mean, static_cast<long long>(growth_.state().length));
    Progress progress{"train", state_.step, {}, "steps", bases_, note};
    if (total_steps() > 0) progress.total = total_steps();
    callbacks_.progress(progress);
  }

  const TrainRequest& request_;
  const TrainCallbacks& callbacks_;
  torch::Device device_;
  BatchSampler sampler_;
  LengthGrowth growth_;
  RunIdentity identity_;
  TrainingLoss loss_;
  std::shared_ptr<Paramixer> model_;
  std::unique_ptr<Adam> optimizer_;
  std::unique_ptr<WeightAverage> average_;
  std::unique_ptr<ValidationSet> validation_;
  std::unique_ptr<MetricsLog> log_;
  TrainState state_;
  LabelledBatch batch_;
  double learning_rate_ = 0.0;
  bool has_checkpoint_ =
      false;  ///< Only a checkpoint of this run, not of an earlier one with the same name.
  std::int64_t bases_ = 0;
  double seconds_before_ = 0.0;
  Clock::time_point began_ = Clock::now();
};

void check_request(const TrainRequest& request) {
  validate(request.training);
  if (!request.train || request.train->records.empty()) {
    throw Error("there is no training record");
  }
  if (!request.valid || request.valid->records.empty()) {
    throw Error("there is no validation record");
  }
  if (!request.model.classifies_dna()) {
    throw Error("only DNA classifiers can be trained; the configuration describes another model");
  }
  if (request.model.classes != request.train->classes ||
      request.valid->classes != request.train->classes) {
    throw Error("model, training and validation data have different classes");
  }
  if (request.training.recompute != Recompute::kNone && request.device != "cpu") {
    throw usage_error("factors can be recomputed on the CPU only; train on " + request.device +
                      " without --recompute, or with --device cpu");
  }
}

/// Fails now rather than after minutes of training.
void check_writable(const std::string& path) {
  const std::string partial = OutputFile(path).partial_path();
  if (partial != path) std::filesystem::remove(partial);
}

}  // namespace

std::string checkpoint_path_of(const std::string& output) { return output + ".checkpoint"; }

TrainResult train(TrainRequest request, const TrainCallbacks& callbacks, std::stop_token stop) {
  request.model = validated(std::move(request.model));
  check_request(request);
  check_writable(request.output);
  return TrainingLoop(request, callbacks).run(std::move(stop));
}

}  // namespace paramixer
