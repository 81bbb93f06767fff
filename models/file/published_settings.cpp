#include "models/file/published_settings.hpp"

#include "core/base/error.hpp"
#include "models/config/json_fields.hpp"

namespace paramixer {
namespace {

/// The settings as the published code names them.
struct PublishedSettings {
  std::string family = "genome";
  std::string task = "classify";
  std::string input = "token";
  std::int64_t input_channels = 0;
  std::int64_t vocabulary = 0;
  std::int64_t embedding = 0;
  std::int64_t hidden = 0;
  std::int64_t max_length = 0;
  std::int64_t blocks = 1;
  std::int64_t outputs = 0;
  std::string protocol;
  bool position = false;
  std::string pooling;
  std::optional<std::int64_t> padding_index;
};

template <typename Visitor>
void visit_fields(PublishedSettings& settings, Visitor& visit) {
  visit("family", settings.family);
  visit("task", settings.task);
  visit("input", settings.input);
  visit("input_channels", settings.input_channels);
  visit("vocab_size", settings.vocabulary);
  visit("embedding_size", settings.embedding);
  visit("hidden_size", settings.hidden);
  visit("max_seq_len", settings.max_length);
  visit("n_layers", settings.blocks);
  visit("n_class", settings.outputs);
  visit("protocol", settings.protocol);
  visit("position_embedding", settings.position);
  visit("pooling", settings.pooling);
  visit("padding_index", settings.padding_index);
}

std::string one_of(const std::string& key, const std::string& value,
                   std::initializer_list<const char*> known) {
  std::string list;
  for (const char* name : known) {
    if (value == name) return value;
    list += std::string(list.empty() ? "" : ", ") + name;
  }
  throw Error("published settings: " + key + " is '" + value + "'; expected one of: " + list);
}

InputKind input_kind_of(const PublishedSettings& settings) {
  if (settings.family == "genome") return InputKind::kDna;
  return settings.input == "real" ? InputKind::kReal : InputKind::kTokens;
}

std::vector<std::string> numbered_classes(std::int64_t count) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < count; ++i) names.push_back("class_" + std::to_string(i));
  return names;
}

}  // namespace

ModelConfig config_from_published(const std::string& json) {
  PublishedSettings settings;
  JsonFieldReader reader(parse_json(json, "published settings"), "published settings");
  visit_fields(settings, reader);
  reader.finish();
  one_of("family", settings.family, {"genome", "lra", "synthetic"});
  one_of("task", settings.task, {"classify", "regress"});
  one_of("input", settings.input, {"token", "real"});
  one_of("protocol", settings.protocol, {"chord", "dil"});
  one_of("pooling", settings.pooling, {"flatten", "cls"});
  if (settings.outputs < 1 || settings.outputs > 1'000'000) {
    throw Error("published settings: n_class is " + std::to_string(settings.outputs) +
                "; expected 1 or more");
  }

  ModelConfig config;
  config.input = input_kind_of(settings);
  config.task = settings.task == "regress" ? TaskKind::kRegress : TaskKind::kClassify;
  config.vocabulary = settings.vocabulary;
  config.input_channels = settings.input_channels;
  config.padding_index = settings.padding_index;
  config.embedding = settings.embedding;
  config.hidden = settings.hidden;
  config.max_length = settings.max_length;
  config.blocks = settings.blocks;
  config.factors = settings.family == "synthetic" ? floor_log2(settings.max_length)
                                                  : ceil_log2(settings.max_length);
  config.protocol = settings.protocol == "dil" ? Protocol::kDilated : Protocol::kChord;
  config.position = settings.position ? PositionKind::kLearned : PositionKind::kNone;
  config.length = LengthKind::kFixed;
  config.pooling = settings.pooling == "cls" ? Pooling::kCls : Pooling::kFlatten;
  config.norm = NormKind::kNone;
  if (config.task == TaskKind::kClassify) config.classes = numbered_classes(settings.outputs);
  if (config.input == InputKind::kDna) {
    if (settings.vocabulary != 5 && settings.vocabulary != 6) {
      throw Error(
          "published settings: a genome model has a vocabulary of 5 or 6 (a g c t [n] PAD), not " +
          std::to_string(settings.vocabulary));
    }
    config.tokens =
        TokenScheme{TokenKind::kNucleotide, 1, settings.vocabulary == 6 ? "agctn" : "agct"};
  }
  return validated(config);
}

std::string published_from_config(const ModelConfig& config) {
  std::string extra;
  const auto refuse = [&extra](bool has, const std::string& part) {
    if (has) extra += (extra.empty() ? "" : ", ") + part;
  };
  const bool synthetic = config.input != InputKind::kDna &&
                         config.factors == floor_log2(config.max_length) &&
                         config.hidden == config.embedding && !config.padding_index;
  refuse(config.norm != NormKind::kNone, std::string("norm '") + name_of(config.norm) + "'");
  refuse(config.length != LengthKind::kFixed, "length 'actual'");
  refuse(config.boundary != Boundary::kRing, "boundary 'linear'");
  refuse(config.pooling != Pooling::kFlatten && config.pooling != Pooling::kCls,
         std::string("pooling '") + name_of(config.pooling) + "'");
  refuse(config.input == InputKind::kDna && config.tokens.kind != TokenKind::kNucleotide,
         std::string("tokens '") + name_of(config.tokens.kind) + "'");
  refuse(config.values_from != ValuesFrom::kNetwork,
         std::string("values_from '") + name_of(config.values_from) + "'");
  refuse(!synthetic && config.resolved_factors() != ceil_log2(config.max_length),
         std::to_string(config.resolved_factors()) + " factors for length " +
             std::to_string(config.max_length));
  if (!extra.empty()) throw Error("the published code has no counterpart for: " + extra);

  PublishedSettings settings;
  settings.family = config.input == InputKind::kDna ? "genome" : synthetic ? "synthetic" : "lra";
  settings.task = config.task == TaskKind::kRegress ? "regress" : "classify";
  settings.input = config.input == InputKind::kReal ? "real" : "token";
  settings.input_channels = config.input_channels;
  settings.vocabulary = config.vocabulary;
  settings.embedding = config.embedding;
  settings.hidden = config.hidden;
  settings.max_length = config.max_length;
  settings.blocks = config.blocks;
  settings.outputs = config.outputs();
  settings.protocol = config.protocol == Protocol::kDilated ? "dil" : "chord";
  settings.position = config.position == PositionKind::kLearned;
  settings.pooling = name_of(config.pooling);
  settings.padding_index = config.padding_index;
  JsonFieldWriter writer;
  visit_fields(settings, writer);
  return writer.json().dump();
}

}  // namespace paramixer
