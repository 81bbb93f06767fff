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

/// An option; its name with underscores is the key of the setting in the JSON configuration.
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
    {"embedding", kInteger, "E", "embedding size"},
    {"hidden", kInteger, "H", "hidden size of the networks g and f_m"},
    {"blocks", kInteger, "N", "number of mixing blocks"},
    {"factors", kInteger, "M",
     "sparse factors per block; -1: log2 of the length; few factors mix locally, 0 is a bag of "
     "tokens"},
    {"protocol", kText, "chord|dilated", "which positions a factor links"},
    {"boundary", kText, "ring|linear", "wrap links past the end around, or drop them"},
    {"position", kText, "none|learned", "position embedding; needs --length fixed"},
    {"length", kText, "actual|fixed", "no padding, or padding to --max-length"},
    {"pooling", kText, "mean|max|attention|cls|flatten",
     "how positions are combined into one vector"},
    {"norm", kText, "pre|none", "residual blocks with layer norm, or blocks as published"},
    {"links-from", kText, "embedding|hidden", "input of the link networks after block 1"},
    {"max-length", kInteger, "N", "longest sequence, in tokens"},
    {"embedding-dropout", kNumber, "P", "dropout of single positions, as published (slow)"},
    {"token-dropout", kNumber, "P", "dropout of whole tokens"},
    {"value-dropout", kNumber, "P", "dropout after every block"},
};

constexpr Setting kTrainingSettings[] = {
    {"optimizer", kText, "adamw|adam", "optimizer"},
    {"learning-rate", kNumber, "X", "highest learning rate"},
    {"weight-decay", kNumber, "X", "weight decay (adamw)"},
    {"clip-norm", kNumber, "X", "largest gradient norm; 0: no clipping"},
    {"schedule", kText, "cosine|constant", "learning rate over time"},
    {"warmup-steps", kInteger, "N", "steps until the highest learning rate"},
    {"steps", kInteger, "N", "training steps; 0: set by --epochs or --time-limit, otherwise 3000"},
    {"epochs", kNumber, "X", "training length in passes over the records; 0: set by --steps"},
    {"batch-size", kInteger, "N", "sequences per step; 0: set by --batch-bases"},
    {"batch-bases", kInteger, "N", "bases per step"},
    {"sampling", kText, "balanced|natural", "sample every class, or every record, equally often"},
    {"class-weights", kText, "none|balanced", "class weights in the loss"},
    {"crop", kText, "random|none", "random windows of long records, or whole records only"},
    {"min-window", kInteger, "N", "shortest random window, in bases"},
    {"max-window", kInteger, "N", "longest random window; 0: as --max-length"},
    {"reverse-complement", kNumber, "P", "share of sequences replaced by their reverse complement"},
    {"error-share", kNumber, "P", "share of sequences with simulated read errors"},
    {"substitution-rate", kNumber, "P", "simulated substitutions per base"},
    {"insertion-rate", kNumber, "P", "simulated insertions per base"},
    {"deletion-rate", kNumber, "P", "simulated deletions per base"},
    {"link-start", kText, "identity|full-size|published", "initial links"},
    {"grow-from", kInteger, "N",
     "start with this many bases and keep doubling; 0: full length from the start"},
    {"grow-accuracy", kNumber, "P", "training accuracy at which the length doubles"},
    {"grow-factors", kText, "all|join", "all factors from the start, or more as the length grows"},
    {"recompute", kText, "none|factors",
     "save memory by recomputing values in the backward pass (CPU); same results"},
    {"validate-every", kInteger, "N", "steps between validations"},
    {"validation-windows", kInteger, "N", "largest number of validation windows"},
    {"validation-share", kNumber, "P",
     "share of the records to set aside without --valid-sequences"},
    {"select", kText, "balanced_accuracy|accuracy|macro_f1|log_loss",
     "validation figure that selects the best weights"},
    {"patience", kInteger, "N", "stop after this many validations without improvement; 0: never"},
    {"seed", kInteger, "N",
     "random seed; equal seeds and thread counts give equal runs on the CPU"},
};

// Training settings of the published code; the others belong to its model.
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
    // Skip the library's error number.
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

/// Contradictory settings are a usage error, whatever the data.
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
            "base of the settings: this program's defaults, or the paper's genome model and its "
            "training",
            "paramixer")
      .input_file("config", "JSON",
                  "file {\"model\": {...}, \"training\": {...}} with the settings below, with _ "
                  "for - in their names");
  auto& model = options.group("Model settings (defaults of --architecture paramixer)");
  model.text("tokens", "nucleotide|kmer|peptide", "what a token is", "kmer")
      .integer("kmer", TokenScheme{}.k, kKmerLengths,
               "length of a k-mer in bases; with --tokens peptide in codons, 1 to 3, default 2");
  add_settings(model, kModelSettings, Json::parse(to_json(ModelConfig{})), model_setting_range);
  auto& training = options.group("Training settings");
  training.duration("time-limit", "0", "limit such as 90s, 20m or 1h; 0: none");
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
