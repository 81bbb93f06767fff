#include "app/cli/setting_options.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "app/cli/quantities.hpp"
#include "core/base/error.hpp"
#include "models/config/setting_ranges.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::json;
namespace po = boost::program_options;

enum class ValueKind { kText, kInteger, kNumber };

/// An option whose name, with underscores, is the key of a setting in the JSON configuration.
struct Setting {
  const char* option;
  ValueKind kind;
  const char* values;  ///< Placeholder in the help.
  const char* help;

  std::string key() const {
    std::string key = option;
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
  }
};

constexpr NumberRange kKmerLengths{1.0, 8.0};

constexpr auto kText = ValueKind::kText;
constexpr auto kInteger = ValueKind::kInteger;
constexpr auto kNumber = ValueKind::kNumber;

constexpr Setting kModelSettings[] = {
    {"embedding", kInteger, "E", "size of the embedding"},
    {"hidden", kInteger, "H", "hidden size of the small networks"},
    {"blocks", kInteger, "N", "mixing blocks"},
    {"factors", kInteger, "M",
     "sparse factors of a block; -1: log2 of the length; few mix locally, 0 is a bag of tokens"},
    {"protocol", kText, "chord|dilated", "which positions a factor links"},
    {"boundary", kText, "ring|linear", "links past the end wrap around or are dropped"},
    {"position", kText, "none|learned", "position embedding; needs --length fixed"},
    {"length", kText, "actual|fixed", "the record's own length, or padded to the longest"},
    {"pooling", kText, "mean|max|attention|cls|flatten", "how positions become one answer"},
    {"norm", kText, "pre|none", "normalised residual blocks, or as published"},
    {"links-from", kText, "embedding|hidden", "what the links are computed from after block 1"},
    {"max-length", kInteger, "N", "longest sequence, in tokens"},
    {"embedding-dropout", kNumber, "P", "on single positions, as published (slow)"},
    {"token-dropout", kNumber, "P", "on whole tokens"},
    {"value-dropout", kNumber, "P", "after every block"},
};

constexpr Setting kTrainingSettings[] = {
    {"optimizer", kText, "adamw|adam", "how weights are updated"},
    {"learning-rate", kNumber, "X", "highest step size"},
    {"weight-decay", kNumber, "X", "shrinks weights (adamw)"},
    {"clip-norm", kNumber, "X", "largest gradient norm; 0: any"},
    {"schedule", kText, "cosine|constant", "step size over time"},
    {"warmup-steps", kInteger, "N", "steps until the highest step size"},
    {"steps", kInteger, "N", "length of the training; 0: by --epochs or --time-limit, else 3000"},
    {"epochs", kNumber, "X", "the same in passes over the records; 0: by --steps"},
    {"batch-size", kInteger, "N", "sequences a step; 0: by --batch-bases"},
    {"batch-bases", kInteger, "N", "bases a step"},
    {"sampling", kText, "balanced|natural", "every class, or every record, equally often"},
    {"class-weights", kText, "none|balanced", "weight of the classes in the loss"},
    {"crop", kText, "random|none", "random windows of long records, or whole records only"},
    {"min-window", kInteger, "N", "shortest random window, in bases"},
    {"max-window", kInteger, "N", "longest random window; 0: --max-length"},
    {"reverse-complement", kNumber, "P", "share of sequences turned to the other strand"},
    {"error-share", kNumber, "P", "share of sequences with simulated read errors"},
    {"substitution-rate", kNumber, "P", "of the simulated errors, a base"},
    {"insertion-rate", kNumber, "P", "of the simulated errors, a base"},
    {"deletion-rate", kNumber, "P", "of the simulated errors, a base"},
    {"link-start", kText, "identity|full-size|published", "how the links start"},
    {"grow-from", kInteger, "N", "start with this many bases and double; 0: full length at once"},
    {"grow-accuracy", kNumber, "P", "training accuracy at which the length doubles"},
    {"grow-factors", kText, "all|join", "all factors from the start, or joining as it grows"},
    {"recompute", kText, "none|factors",
     "keep less for the backward pass and compute it again; same results, on the CPU"},
    {"validate-every", kInteger, "N", "steps between validations"},
    {"validation-windows", kInteger, "N", "at most this many validation windows"},
    {"validation-share", kNumber, "P", "of the records, without --valid-sequences"},
    {"select", kText, "balanced_accuracy|accuracy|macro_f1|log_loss",
     "validation figure that chooses the best weights"},
    {"patience", kInteger, "N", "validations without improvement until the end; 0: never ends"},
    {"seed", kInteger, "N",
     "equal seeds give equal runs on the CPU, for an equal number of threads"},
};

// What the published code trains with; its other settings are those of its model.
constexpr const char* kPublishedTraining = R"({
  "optimizer": "adam", "learning_rate": 1e-4, "weight_decay": 0, "clip_norm": 1.0,
  "schedule": "constant", "warmup_steps": 0, "batch_size": 16, "sampling": "natural",
  "reverse_complement": 0, "error_share": 0, "link_start": "published"})";

std::string default_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

using RangeOfKey = NumberRange (*)(const std::string&);

void add_settings(OptionGroup& group, std::span<const Setting> settings, const Json& defaults,
                  RangeOfKey range_of) {
  for (const Setting& setting : settings) {
    const std::string standard = default_text(defaults.at(setting.key()));
    if (setting.kind == kText) {
      group.text(setting.option, setting.values, setting.help, standard);
      continue;
    }
    NumberValue value{setting.values, standard, range_of(setting.key())};
    value.range.most = std::min(value.range.most, kSeedRange.most);
    if (setting.kind == kInteger) group.integer(setting.option, value, setting.help);
    if (setting.kind == kNumber) group.number(setting.option, value, setting.help);
  }
}

Json given_settings(const ParsedOptions& parsed, std::span<const Setting> settings) {
  Json json = Json::object();
  for (const Setting& setting : settings) {
    if (!parsed.given(setting.option)) continue;
    Json& value = json[setting.key()];
    if (setting.kind == kText) value = parsed.text(setting.option);
    if (setting.kind == kInteger) value = parsed.integer(setting.option);
    if (setting.kind == kNumber) value = parsed.number(setting.option);
  }
  return json;
}

Json given_tokens(const ParsedOptions& parsed) {
  Json tokens = Json::object();
  if (parsed.given("kmer")) tokens = {{"kind", "kmer"}, {"k", parsed.integer("kmer")}};
  if (parsed.given("tokens")) tokens["kind"] = parsed.text("tokens");
  // The default of six is for bases; six codons would make 86 million tokens.
  if (tokens.value("kind", "") == "peptide" && !parsed.given("kmer")) tokens["k"] = 2;
  return tokens;
}

Json parsed_config(const std::string& text, const std::string& path) {
  std::string reason;
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
  } catch (const Json::exception& error) {
    // What follows the library's own number of the error.
    const std::string what = error.what();
    reason = "; " + what.substr(what.find(']') + 2);
  }
  throw Error({.file = path},
              R"(expected JSON such as {"model": {...}, "training": {...}})" + reason,
              ErrorKind::kUsage);
}

Json read_config_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Error({.file = path}, "cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Json json = parsed_config(text, path);
  for (const auto& [key, value] : json.items()) {
    if (key != "model" && key != "training") {
      throw Error({.file = path},
                  "unknown key '" + key + "'; the keys here are 'model' and 'training'",
                  ErrorKind::kUsage);
    }
  }
  return json;
}

/// Settings that contradict each other are a mistake in the call, whatever the data.
void check_model(ModelConfig model) {
  model.classes = {"first", "second"};
  try {
    validated(std::move(model));
  } catch (const Error& error) {
    throw usage_error(error.what());
  }
}

TrainSettings architecture_from(const ParsedOptions& parsed) {
  const std::string name = parsed.text("architecture");
  if (name == "paramixer") return {};
  if (name == "published") {
    return {.model = published_genome_config(ModelConfig{}.max_length, {}),
            .training = with_json_settings(TrainConfig{}, kPublishedTraining)};
  }
  throw usage_error("unknown architecture '" + name + "'; expected one of: paramixer, published");
}

void overlay(TrainSettings& settings, const Json& json) {
  if (json.contains("model")) {
    settings.model = with_json_settings(settings.model, json["model"].dump());
  }
  if (json.contains("training")) {
    settings.training = with_json_settings(settings.training, json["training"].dump());
  }
}

}  // namespace

void add_setting_options(CommandOptions& options) {
  options.group("Settings")
      .text("architecture", "paramixer|published",
            "where the settings start: this program's defaults, or the paper's genome model and "
            "training",
            "paramixer")
      .input_file("config", "JSON",
                  "file {\"model\": {...}, \"training\": {...}} with the settings below, written "
                  "with _ for -");
  auto& model = options.group("Model settings (defaults of --architecture paramixer)");
  model.text("tokens", "nucleotide|kmer|peptide", "what a position is", "kmer")
      .integer("kmer", TokenScheme{}.k, kKmerLengths,
               "length of a k-mer; with --tokens peptide in codons, 1 to 3, default 2");
  add_settings(model, kModelSettings, Json::parse(to_json(ModelConfig{})), model_setting_range);
  auto& training = options.group("Training settings");
  training.duration("time-limit", "0", "such as 90s, 20m or 1h; 0: none");
  add_settings(training, kTrainingSettings, Json::parse(to_json(TrainConfig{})),
               train_setting_range);
}

TrainSettings settings_from(const ParsedOptions& parsed) {
  TrainSettings settings = architecture_from(parsed);
  if (parsed.given("config")) {
    const std::string path = parsed.text("config");
    const Json file = read_config_file(path);
    try {
      overlay(settings, file);
    } catch (const Error& error) {
      throw Error({.file = path}, error.what(), ErrorKind::kUsage);
    }
  }
  Json given{{"model", given_settings(parsed, kModelSettings)},
             {"training", given_settings(parsed, kTrainingSettings)}};
  const Json tokens = given_tokens(parsed);
  if (!tokens.empty()) given["model"]["tokens"] = tokens;
  if (parsed.given("time-limit")) {
    given["training"]["time_limit_seconds"] =
        parse_duration("--time-limit", parsed.text("time-limit"));
  }
  overlay(settings, given);
  check_model(settings.model);
  validate(settings.training);
  return settings;
}

}  // namespace paramixer
