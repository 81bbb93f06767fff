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

/// An option whose name, with underscores, is the key of a setting in the JSON configuration.
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
    {"embedding", kInteger, "E", "size of the embedding"},
    {"hidden", kInteger, "H", "hidden size of the small networks"},
    {"blocks", kInteger, "N", "mixing blocks"},
    {"factors", kInteger, "M",
     "sparse factors of a block; -1: log2 of the length; few mix locally, 0 is a bag of tokens"},
    {"protocol", kName, "", "which positions a factor links"},
    {"boundary", kName, "", "links past the end wrap around or are dropped"},
    {"position", kName, "", "position embedding; needs --length fixed"},
    {"length", kName, "", "the record's own length, or padded to the longest"},
    {"pooling", kName, "", "how positions become one answer"},
    {"norm", kName, "", "normalised residual blocks, or as published"},
    {"values-from", kName, "",
     "what is mixed: the embedding after a small network, as published, or the embedding itself"},
    {"links-from", kName, "", "what the links are computed from after block 1"},
    {"max-length", kInteger, "N", "longest sequence, in tokens"},
    {"embedding-dropout", kNumber, "P", "on single positions, as published (slow)"},
    {"token-dropout", kNumber, "P", "on whole tokens"},
    {"value-dropout", kNumber, "P", "after every block"},
};

constexpr Setting kTrainingSettings[] = {
    {"optimizer", kName, "", "how weights are updated"},
    {"learning-rate", kNumber, "X", "highest step size"},
    {"weight-decay", kNumber, "X", "shrinks weights (adamw)"},
    {"clip-norm", kNumber, "X", "largest gradient norm; 0: any"},
    {"schedule", kName, "", "step size over time"},
    {"warmup-steps", kInteger, "N", "steps until the highest step size"},
    {"steps", kInteger, "N", "length of the training; 0: by --epochs or --time-limit, else 3000"},
    {"epochs", kNumber, "X", "the same in passes over the records; 0: by --steps"},
    {"batch-size", kInteger, "N", "sequences a step; 0: by --batch-bases"},
    {"batch-bases", kInteger, "N", "bases a step"},
    {"sampling", kName, "", "every class, or every record, equally often"},
    {"class-weights", kName, "", "weight of the classes in the loss"},
    {"crop", kName, "", "random windows of long records, or whole records only"},
    {"min-window", kInteger, "N", "shortest random window, in bases"},
    {"max-window", kInteger, "N", "longest random window; 0: --max-length"},
    {"reverse-complement", kNumber, "P", "share of sequences turned to the other strand"},
    {"error-share", kNumber, "P", "share of sequences with simulated read errors"},
    {"substitution-rate", kNumber, "P", "of the simulated errors, a base"},
    {"insertion-rate", kNumber, "P", "of the simulated errors, a base"},
    {"deletion-rate", kNumber, "P", "of the simulated errors, a base"},
    {"decoy-share", kNumber, "P",
     "share of sequences replaced by unrelated ones, so that the model learns what it doesn't "
     "know"},
    {"known-kept", kNumber, "P",
     "with decoys: share of validation windows that classify keeps by default"},
    {"label-smoothing", kNumber, "P", "probability that is spread over all classes in the loss"},
    {"average-decay", kNumber, "P",
     "validate and save a moving average of the weights, such as 0.998; 0: the weights themselves"},
    {"link-start", kName, "", "how the links start"},
    {"grow-from", kInteger, "N", "start with this many bases and double; 0: full length at once"},
    {"grow-accuracy", kNumber, "P", "training accuracy at which the length doubles"},
    {"grow-factors", kName, "", "all factors from the start, or joining as it grows"},
    {"recompute", kName, "",
     "keep less for the backward pass and compute it again; same results, on the CPU"},
    {"validate-every", kInteger, "N", "steps between validations"},
    {"validation-windows", kInteger, "N", "at most this many validation windows"},
    {"validation-share", kNumber, "P", "of the records, without --valid-sequences"},
    {"select", kName, "", "validation figure that chooses the best weights"},
    {"patience", kInteger, "N", "validations without improvement until the end; 0: never ends"},
    {"seed", kInteger, "N",
     "equal seeds give equal runs on the CPU, for an equal number of threads"},
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

/// Settings that contradict each other are a mistake in the call, whatever the data.
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

/// Who gives model settings has a recipe in mind.
std::string recipe_name_from(const ParsedOptions& parsed, const Json& given) {
  if (parsed.given("recipe")) return parsed.text("recipe");
  const bool has_model = !given["model"].empty() || parsed.given("config");
  return has_model ? name_of(Recipe::kMixed) : kAutomatic;
}

}  // namespace

void add_setting_options(CommandOptions& options) {
  options.group("Settings")
      .text("recipe", std::string(kAutomatic) + "|" + joined_names(all_names<Recipe>()),
            "where the settings start; auto tries recipes in short runs, a fifth of the training, "
            "and trains the one that does best on the validation records; mixed is the default "
            "where model settings or --config are given",
            kAutomatic)
      .input_file("config", "JSON",
                  "file {\"model\": {...}, \"training\": {...}} with the settings below, written "
                  "with _ for -");
  auto& model = options.group("Model settings (defaults of --recipe mixed)");
  model.choice("tokens", TokenScheme{}.kind, "what a position is")
      .integer(
          "kmer", TokenScheme{}.k, kKmerLengths,
          "length of a k-mer, to 8, with --buckets to 32; with --tokens peptide in codons, 1 to "
          "3, default 2")
      .choice(
          "strand", TokenScheme{}.strand,
          "canonical: a k-mer and its reverse complement are one token, so that both strands of a "
          "record get the same answer from one pass; needs --factors 0")
      .integer("buckets", 0, kBucketCounts,
               "hash k-mers to this many tokens, 1,024 to 4,194,304; 0: a token for every k-mer");
  add_settings(model, kModelSettings,
               {Json::parse(to_json(ModelConfig{})), model_setting_range, model_setting_names});
  auto& training = options.group("Training settings");
  training.duration("time-limit", "0", "such as 90s, 20m or 1h; 0: none");
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
