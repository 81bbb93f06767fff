#include "app/cli/setting_options.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "app/cli/quantities.hpp"
#include "core/base/error.hpp"
#include "models/config/setting_ranges.hpp"
#include "models/training/recipe.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::json;
namespace po = boost::program_options;

enum class ValueKind { kName, kInteger, kNumber };

/// An option; its name with underscores is the key of the setting in the JSON configuration.
struct Setting {
  const char* option;
  ValueKind kind;
  const char* placeholder;  ///< Of a number in the help; that of a name lists the names.
  const char* help;

  std::string key() const {
    std::string key = option;
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
  }
};

constexpr const char* kAutomatic = "auto";

constexpr NumberRange kKmerLengths{1.0, 32.0};
constexpr NumberRange kBucketCounts{0.0, 4194304.0};

constexpr auto kName = ValueKind::kName;
constexpr auto kInteger = ValueKind::kInteger;
constexpr auto kNumber = ValueKind::kNumber;

constexpr Setting kModelSettings[] = {
    {"embedding", kInteger, "E", "embedding size"},
    {"hidden", kInteger, "H", "hidden size of the networks g and f_m"},
    {"blocks", kInteger, "N", "number of mixing blocks"},
    {"factors", kInteger, "M",
     "sparse factors per block; -1: log2 of the length; few factors mix locally, 0 is a bag of "
     "tokens"},
    {"protocol", kName, "", "which positions a factor links"},
    {"boundary", kName, "", "wrap links past the end around, or drop them"},
    {"position", kName, "", "position embedding; needs --length fixed"},
    {"length", kName, "", "no padding, or padding to --max-length"},
    {"pooling", kName, "", "how positions are combined into one vector"},
    {"norm", kName, "", "residual blocks with layer norm, or blocks as published"},
    {"values-from", kName, "",
     "values to mix: the embedding after the network g, as published, or the embedding itself"},
    {"links-from", kName, "", "input of the link networks after block 1"},
    {"max-length", kInteger, "N", "longest sequence, in tokens"},
    {"embedding-dropout", kNumber, "P", "dropout of single positions, as published (slow)"},
    {"token-dropout", kNumber, "P", "dropout of whole tokens"},
    {"value-dropout", kNumber, "P", "dropout after every block"},
};

constexpr Setting kTrainingSettings[] = {
    {"optimizer", kName, "", "optimizer"},
    {"learning-rate", kNumber, "X", "highest learning rate"},
    {"weight-decay", kNumber, "X", "weight decay (adamw)"},
    {"clip-norm", kNumber, "X", "largest gradient norm; 0: no clipping"},
    {"schedule", kName, "", "learning rate over time"},
    {"warmup-steps", kInteger, "N", "steps until the highest learning rate"},
    {"steps", kInteger, "N", "training steps; 0: set by --epochs or --time-limit, otherwise 3000"},
    {"epochs", kNumber, "X", "training length in passes over the records; 0: set by --steps"},
    {"batch-size", kInteger, "N", "sequences per step; 0: set by --batch-bases"},
    {"batch-bases", kInteger, "N", "bases per step"},
    {"sampling", kName, "", "sample every class, or every record, equally often"},
    {"class-weights", kName, "", "class weights in the loss"},
    {"crop", kName, "", "random windows of long records, or whole records only"},
    {"min-window", kInteger, "N", "shortest random window, in bases"},
    {"max-window", kInteger, "N", "longest random window; 0: as --max-length"},
    {"reverse-complement", kNumber, "P", "share of sequences replaced by their reverse complement"},
    {"error-share", kNumber, "P", "share of sequences with simulated read errors"},
    {"substitution-rate", kNumber, "P", "simulated substitutions per base"},
    {"insertion-rate", kNumber, "P", "simulated insertions per base"},
    {"deletion-rate", kNumber, "P", "simulated deletions per base"},
    {"divergence", kNumber, "P",
     "train on simulated relatives, with up to this share of amino acids exchanged"},
    {"decoy-share", kNumber, "P",
     "share of sequences replaced by unrelated ones, so that the model learns to recognise "
     "unknown sequences"},
    {"known-kept", kNumber, "P",
     "with decoys: share of validation windows that classify keeps by default"},
    {"label-smoothing", kNumber, "P", "probability spread evenly over all classes in the loss"},
    {"average-decay", kNumber, "P",
     "validate and save a moving average of the weights, with this decay; 0: the weights"},
    {"link-start", kName, "", "initial links"},
    {"grow-from", kInteger, "N",
     "start with this many bases and keep doubling; 0: full length from the start"},
    {"grow-accuracy", kNumber, "P", "training accuracy at which the length doubles"},
    {"grow-factors", kName, "", "all factors from the start, or more as the length grows"},
    {"recompute", kName, "",
     "save memory by recomputing values in the backward pass (CPU); same results"},
    {"validate-every", kInteger, "N", "steps between validations"},
    {"validation-windows", kInteger, "N", "largest number of validation windows"},
    {"validation-share", kNumber, "P",
     "share of the records to set aside without --valid-sequences"},
    {"select", kName, "", "validation figure that selects the best weights"},
    {"patience", kInteger, "N", "stop after this many validations without improvement; 0: never"},
    {"seed", kInteger, "N",
     "random seed; equal seeds and thread counts give equal runs on the CPU"},
};

std::string default_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// What the models say about the settings of one kind.
struct SettingSource {
  Json defaults;
  NumberRange (*range_of)(const std::string& key);
  std::vector<std::string> (*names_of)(const std::string& key);
};

void add_settings(OptionGroup& group, std::span<const Setting> settings,
                  const SettingSource& source) {
  for (const Setting& setting : settings) {
    const std::string key = setting.key();
    const std::string standard = default_text(source.defaults.at(key));
    if (setting.kind == kName) {
      group.text(setting.option, joined_names(source.names_of(key)), setting.help, standard);
      continue;
    }
    NumberValue value{setting.placeholder, standard, source.range_of(key)};
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
    if (setting.kind == kName) value = parsed.text(setting.option);
    if (setting.kind == kInteger) value = parsed.integer(setting.option);
    if (setting.kind == kNumber) value = parsed.number(setting.option);
  }
  return json;
}

Json given_tokens(const ParsedOptions& parsed) {
  Json tokens = Json::object();
  if (parsed.given("kmer")) tokens = {{"kind", "kmer"}, {"k", parsed.integer("kmer")}};
  if (parsed.given("strand")) tokens["strand"] = parsed.text("strand");
  if (parsed.given("buckets")) tokens["buckets"] = parsed.integer("buckets");
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

void overlay(TrainCandidate& settings, const Json& json) {
  if (json.contains("model")) {
    settings.model = with_settings(settings.model, json["model"]);
  }
  if (json.contains("training")) {
    settings.training = with_settings(settings.training, json["training"]);
  }
}

/// The settings of the command line, in the form of a --config file.
Json given_json(const ParsedOptions& parsed) {
  Json given{{"model", given_settings(parsed, kModelSettings)},
             {"training", given_settings(parsed, kTrainingSettings)}};
  const Json tokens = given_tokens(parsed);
  if (!tokens.empty()) given["model"]["tokens"] = tokens;
  if (parsed.given("time-limit")) {
    given["training"]["time_limit_seconds"] =
        parse_duration("--time-limit", parsed.text("time-limit"));
  }
  return given;
}

void overlay_file(TrainCandidate& settings, const Json& file, const std::string& path) {
  try {
    overlay(settings, file);
  } catch (const Error& error) {
    throw Error({.file = path}, error.what(), ErrorKind::kUsage);
  }
}

/// Contradictory settings are a usage error, whatever the data.
void check(const TrainCandidate& settings) {
  ModelConfig model = settings.model;
  model.classes = {"first", "second"};
  try {
    validated(std::move(model));
  } catch (const Error& error) {
    throw usage_error(error.what());
  }
  validate(settings.training);
}

/// Model settings imply a choice of recipe.
std::string recipe_name_from(const ParsedOptions& parsed, const Json& given) {
  if (parsed.given("recipe")) return parsed.text("recipe");
  const bool has_model = !given["model"].empty() || parsed.given("config");
  return has_model ? name_of(Recipe::kMixed) : kAutomatic;
}

}  // namespace

void add_setting_options(CommandOptions& options) {
  options.group("Settings")
      .text(
          "recipe", std::string(kAutomatic) + "|" + joined_names(all_names<Recipe>()),
          "base of the settings; auto tries recipes in short runs, a fifth of the training, and "
          "trains the one that does best on the validation records; mixed is the default if model "
          "settings or --config are given",
          kAutomatic)
      .input_file("config", "JSON",
                  "file {\"model\": {...}, \"training\": {...}} with the settings below, with _ "
                  "for - in their names");
  auto& model = options.group("Model settings (defaults of --recipe mixed)");
  model.choice("tokens", TokenScheme{}.kind, "what a token is")
      .integer(
          "kmer", TokenScheme{}.k, kKmerLengths,
          "length of a k-mer in bases, up to 8, with --buckets up to 32; with --tokens peptide in "
          "codons, 1 to 3, default 2")
      .choice("strand", TokenScheme{}.strand,
              "canonical: a k-mer and its reverse complement are one token, so that one pass gives "
              "both strands of a record the same answer; needs --factors 0")
      .integer("buckets", 0, kBucketCounts,
               "hash k-mers to this many tokens, 1,024 to 4,194,304; 0: one token per k-mer");
  add_settings(model, kModelSettings,
               {Json::parse(to_json(ModelConfig{})), model_setting_range, model_setting_names});
  auto& training = options.group("Training settings");
  training.duration("time-limit", "0", "limit such as 90s, 20m or 1h; 0: none");
  add_settings(training, kTrainingSettings,
               {Json::parse(to_json(TrainConfig{})), train_setting_range, train_setting_names});
}

std::vector<TrainCandidate> settings_from(const ParsedOptions& parsed) {
  const Json given = given_json(parsed);
  const std::string path = parsed.given("config") ? parsed.text("config") : "";
  const Json file = path.empty() ? Json::object() : read_config_file(path);
  const auto complete = [&](Recipe recipe) {
    const RecipeSettings settings = settings_of(recipe);
    TrainCandidate candidate{name_of(recipe), settings.suits, settings.model, settings.training};
    overlay_file(candidate, file, path);
    overlay(candidate, given);
    check(candidate);
    return candidate;
  };
  const std::string name = recipe_name_from(parsed, given);
  if (name != kAutomatic) return {complete(value_named<Recipe>(name))};

  std::vector<TrainCandidate> candidates;
  std::optional<Error> first_error;
  for (const Recipe recipe : all_values<Recipe>()) {
    if (recipe == Recipe::kPaper) continue;
    try {
      candidates.push_back(complete(recipe));
    } catch (const Error& error) {
      if (!first_error) first_error = error;
    }
  }
  if (candidates.empty()) throw *first_error;
  return candidates;
}

}  // namespace paramixer
