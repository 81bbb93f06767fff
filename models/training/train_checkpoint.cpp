#include "models/training/train_checkpoint.hpp"

#include <filesystem>

#include "core/base/error.hpp"
#include "io/tensors/safetensors.hpp"
#include "models/config/json_fields.hpp"
#include "models/file/model_file.hpp"

namespace paramixer {
namespace {

constexpr const char* kFormat = "paramixer-checkpoint-1";
constexpr std::string_view kWeightPrefix = "weight/";
constexpr std::string_view kAdamPrefix = "adam/";
constexpr std::string_view kAveragePrefix = "average/";

template <typename Visitor>
void visit_fields(TrainState& state, Visitor& visit) {
  visit("step", state.step);
  visit("samples", state.sampler.samples);
  visit("stage_start", state.sampler.stage_start);
  visit("length", state.growth.length);
  visit("running_accuracy", state.growth.running_accuracy);
  visit("steps_at_length", state.growth.steps_at_length);
  visit("active_factors", state.active_factors);
  visit("seconds", state.seconds);
  visit("loss_mean", state.loss_mean);
  visit("accuracy_mean", state.accuracy_mean);
  visit("has_best", state.has_best);
  visit("best_value", state.best_value);
  visit("best_step", state.best_step);
  visit("validations_since_best", state.validations_since_best);
}

std::map<std::string, StoredTensor> with_prefix(std::map<std::string, StoredTensor>& tensors,
                                                std::string_view prefix) {
  std::map<std::string, StoredTensor> selected;
  for (auto& [name, tensor] : tensors) {
    if (name.starts_with(prefix)) selected[name.substr(prefix.size())] = std::move(tensor);
  }
  return selected;
}

/// The differences between the settings of a checkpoint and of a run, as `steps (100 at the start,
/// 200 now)`.
std::string describe_difference(const std::string& saved_text, const std::string& now_text) {
  const auto saved = nlohmann::json::parse(saved_text, nullptr, false);
  const auto now = nlohmann::json::parse(now_text, nullptr, false);
  if (saved.is_discarded() || !saved.is_object()) return "its configuration or data differ";
  std::string text;
  const auto old_settings = saved.flatten();
  const auto new_settings = now.flatten();
  for (const auto& [place, value] : new_settings.items()) {
    const std::string old = old_settings.contains(place) ? old_settings[place].dump() : "unset";
    if (old == value.dump()) continue;
    const std::string name = place.substr(place.rfind('/') + 1);
    text +=
        (text.empty() ? "" : ", ") + name + " (" + old + " at the start, " + value.dump() + " now)";
  }
  return text.empty() ? "the sequences or labels differ" : "these settings differ: " + text;
}

}  // namespace

void save_checkpoint(const std::string& path, const TrainState& state, const TrainedParts& parts,
                     const RunIdentity& run) {
  TrainState copy = state;
  JsonFieldWriter writer;
  visit_fields(copy, writer);
  TensorFile file;
  file.metadata = {{"format", kFormat},
                   {"fingerprint", run.fingerprint},
                   {"settings", run.settings},
                   {"state", writer.json().dump()},
                   {"best_metrics", nlohmann::json(state.best_metrics).dump()}};
  for (const auto& parameter : parts.model.named_parameters()) {
    file.tensors[std::string(kWeightPrefix) + parameter.key()] = store_tensor(parameter.value());
  }
  for (auto& [name, tensor] : parts.optimizer.moments()) {
    file.tensors[std::string(kAdamPrefix) + name] = tensor;
  }
  for (auto& [name, tensor] : parts.average.stored()) {
    file.tensors[std::string(kAveragePrefix) + name] = tensor;
  }
  write_safetensors(path, file);
}

TrainState load_checkpoint(const std::string& path, const TrainedParts& parts,
                           const RunIdentity& run) {
  if (!std::filesystem::exists(path)) {
    throw Error({path, "", {}},
                "there is no checkpoint to resume from; start over without --resume");
  }
  TensorFile file = read_safetensors(path);
  if (file.metadata["format"] != kFormat) throw Error({path, "", {}}, "not a checkpoint");
  if (file.metadata["fingerprint"] != run.fingerprint) {
    throw Error({path, "", {}},
                "the run cannot be resumed: " +
                    describe_difference(file.metadata["settings"], run.settings) +
                    "; use the same options and files as at the start, or leave out --resume");
  }
  TrainState state;
  try {
    JsonFieldReader reader(parse_json(file.metadata["state"], "state"), "state");
    visit_fields(state, reader);
    reader.finish();
    state.best_metrics = parse_json(file.metadata["best_metrics"], "best metrics")
                             .get<std::map<std::string, double>>();
    assign_weights(parts.model, with_prefix(file.tensors, kWeightPrefix));
    parts.optimizer.restore(with_prefix(file.tensors, kAdamPrefix));
    parts.average.restore(with_prefix(file.tensors, kAveragePrefix));
  } catch (const nlohmann::json::exception& error) {
    throw Error({path, "", {}}, error.what());
  } catch (const Error& error) {
    throw Error({path, "", {}}, error.what());
  }
  return state;
}

}  // namespace paramixer
