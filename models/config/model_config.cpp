#include "models/config/model_config.hpp"

#include "core/base/error.hpp"
#include "models/config/json_fields.hpp"
#include "models/config/setting_ranges.hpp"

namespace paramixer {
namespace {

template <typename Visitor>
void visit_fields(TokenScheme& scheme, Visitor& visit) {
  visit("kind", scheme.kind);
  visit("k", scheme.k);
  visit("alphabet", scheme.alphabet);
  visit("strand", scheme.strand);
  visit("buckets", scheme.buckets);
}

constexpr NumberRange kEmbeddings{1.0, 4096.0};
constexpr NumberRange kHiddenSizes{1.0, 65536.0};
constexpr NumberRange kLengths{1.0, static_cast<double>(kMostPositions)};
constexpr NumberRange kBlocks{1.0, 256.0};
constexpr NumberRange kFactors{-1.0, 60.0};

template <typename Visitor>
void visit_fields(ModelConfig& config, Visitor& visit) {
  visit("input", config.input);
  visit("task", config.task);
  visit("vocabulary", config.vocabulary);
  visit("input_channels", config.input_channels);
  visit("padding_index", config.padding_index);
  visit("embedding", config.embedding, kEmbeddings);
  visit("hidden", config.hidden, kHiddenSizes);
  visit("max_length", config.max_length, kLengths);
  visit("blocks", config.blocks, kBlocks);
  visit("factors", config.factors, kFactors);
  visit("protocol", config.protocol);
  visit("boundary", config.boundary);
  visit("position", config.position);
  visit("length", config.length);
  visit("pooling", config.pooling);
  visit("norm", config.norm);
  visit("links_from", config.links_from);
  visit("values_from", config.values_from);
  visit("embedding_dropout", config.embedding_dropout, kRateRange);
  visit("token_dropout", config.token_dropout, kRateRange);
  visit("value_dropout", config.value_dropout, kRateRange);
  visit("classes", config.classes);
}

void require(bool holds, const std::string& message) {
  if (!holds) throw Error("model configuration: " + message);
}

void check_sizes(ModelConfig& config) {
  SettingCheck check("model configuration:", ErrorKind::kFailure);
  visit_fields(config, check);
  const auto in_range = [](const char* field, std::int64_t value, std::int64_t low,
                           std::int64_t high) {
    require(value >= low && value <= high, std::string(field) + " is " + std::to_string(value) +
                                               "; expected " + std::to_string(low) + " to " +
                                               std::to_string(high));
  };
  if (config.input == InputKind::kReal) {
    in_range("input_channels", config.input_channels, 1, 4096);
  } else {
    in_range("vocabulary", config.vocabulary, 1, 100'000'000);
  }
  if (config.padding_index)
    in_range("padding_index", *config.padding_index, 0, config.vocabulary - 1);
}

/// The model file is JSON text, which is UTF-8.
bool is_utf8(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

void check_combinations(const ModelConfig& config) {
  const bool actual = config.length == LengthKind::kActual;
  require(!(actual && config.pooling == Pooling::kFlatten),
          "pooling 'flatten' needs length 'fixed'; use mean, max, attention or cls");
  require(!(actual && config.position == PositionKind::kLearned),
          "position 'learned' needs length 'fixed'");
  require(!(config.links_from == LinksFrom::kHidden && config.norm == NormKind::kNone),
          "links_from 'hidden' takes the normalised block input; it needs norm 'pre'");
  require(config.tokens.strand == TokenStrand::kForward || config.resolved_factors() == 0,
          "canonical tokens do not say on which side of a position another one lies; they need "
          "factors 0");
  require(config.task == TaskKind::kRegress || !config.classes.empty(), "there are no classes");
}

}  // namespace

ModelConfig published_genome_config(std::int64_t max_length, std::vector<std::string> classes) {
  ModelConfig config;
  config.tokens = TokenScheme{TokenKind::kNucleotide, 1, "agctn"};
  config.padding_index = 5;
  config.embedding = 32;
  config.hidden = 128;
  config.max_length = max_length;
  config.position = PositionKind::kLearned;
  config.length = LengthKind::kFixed;
  config.pooling = Pooling::kFlatten;
  config.norm = NormKind::kNone;
  config.embedding_dropout = 0.2;
  config.value_dropout = 0.8;
  config.classes = std::move(classes);
  return config;
}

void check_class_names(const std::vector<std::string>& classes) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    require(!classes[i].empty(), "a class has an empty name");
    require(is_utf8(classes[i]),
            "the name of class " + std::to_string(i + 1) + " is not UTF-8 text");
    for (std::size_t j = 0; j < i; ++j) {
      require(classes[i] != classes[j], "the class name '" + classes[i] + "' appears twice");
    }
  }
}

ModelConfig validated(ModelConfig config) {
  if (config.input == InputKind::kDna) config.vocabulary = Tokenizer(config.tokens).vocabulary();
  check_sizes(config);
  check_combinations(config);
  check_class_names(config.classes);
  (void)config.link_pattern();  // Throws when the offsets do not fit.
  return config;
}

std::string to_json(const ModelConfig& config) {
  ModelConfig copy = config;
  JsonFieldWriter writer;
  visit_fields(copy, writer);
  nlohmann::json json = writer.json();
  json["architecture"] = "paramixer";
  if (config.input == InputKind::kDna) {
    JsonFieldWriter tokens;
    visit_fields(copy.tokens, tokens);
    json["tokens"] = tokens.json();
  }
  return json.dump();
}

ModelConfig with_settings(ModelConfig base, const nlohmann::json& settings) {
  nlohmann::json json = settings;
  if (json.is_object() && json.contains("architecture")) {
    require(json["architecture"] == "paramixer", "architecture is " + json["architecture"].dump() +
                                                     "; this program knows \"paramixer\"");
    json.erase("architecture");
  }
  if (json.is_object() && json.contains("tokens")) {
    JsonFieldReader tokens(json["tokens"], "model configuration: tokens");
    visit_fields(base.tokens, tokens);
    tokens.finish();
    json.erase("tokens");
  }
  JsonFieldReader reader(std::move(json), "model configuration");
  visit_fields(base, reader);
  reader.finish();
  return base;
}

ModelConfig with_json_settings(ModelConfig base, const std::string& json) {
  return with_settings(std::move(base), parse_json(json, "model configuration"));
}

NumberRange model_setting_range(const std::string& key) {
  ModelConfig config;
  SettingRanges ranges;
  visit_fields(config, ranges);
  return ranges.at(key);
}

std::vector<std::string> model_setting_names(const std::string& key) {
  ModelConfig config;
  SettingNames names;
  visit_fields(config, names);
  return names.at(key);
}

ModelConfig model_config_from_json(const std::string& json) {
  return validated(with_json_settings(ModelConfig{}, json));
}

}  // namespace paramixer
