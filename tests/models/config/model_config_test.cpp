#include "models/config/model_config.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;

ModelConfig valid_config() {
  ModelConfig config;
  config.tokens = {TokenKind::kKmer, 3, "agctn"};
  config.max_length = 1000;
  config.classes = {"phage", "plasmid"};
  return validated(config);
}

std::string refusal_of(const ModelConfig& config) {
  return message_of([&] { validated(config); });
}

std::string reading_error(const std::string& json) {
  return message_of([&] { with_json_settings(valid_config(), json); });
}

TEST(ModelConfig, VocabularyFollowsFromTheTokenScheme) {
  ModelConfig config = valid_config();
  EXPECT_EQ(config.vocabulary, 64 + 2);
  config.vocabulary = 7;
  EXPECT_EQ(validated(config).vocabulary, 64 + 2);
  config.tokens = {TokenKind::kNucleotide, 1, "acgt"};
  EXPECT_EQ(validated(config).vocabulary, 5);
}

TEST(ModelConfig, FactorsFollowFromTheLengthUnlessGiven) {
  ModelConfig config = valid_config();
  EXPECT_EQ(config.resolved_factors(), 10);
  config.max_length = 1025;
  EXPECT_EQ(config.resolved_factors(), 11);
  config.max_length = 1;
  EXPECT_EQ(config.resolved_factors(), 0);
  config.factors = 3;
  EXPECT_EQ(config.resolved_factors(), 3);
}

TEST(ModelConfig, RegressionHasOneOutputAndNeedsNoClasses) {
  ModelConfig config = valid_config();
  config.task = TaskKind::kRegress;
  config.classes.clear();
  EXPECT_EQ(validated(config).outputs(), 1);
}

TEST(ModelConfig, JsonRoundTripKeepsEveryField) {
  ModelConfig config = valid_config();
  config.tokens = {TokenKind::kNucleotide, 4, "tcgan"};
  config.padding_index = 5;
  config.embedding = 7;
  config.hidden = 9;
  config.max_length = 33;
  config.blocks = 3;
  config.factors = 2;
  config.protocol = Protocol::kDilated;
  config.boundary = Boundary::kLinear;
  config.position = PositionKind::kLearned;
  config.length = LengthKind::kFixed;
  config.pooling = Pooling::kFlatten;
  config.links_from = LinksFrom::kHidden;
  config.embedding_dropout = 0.1;
  config.token_dropout = 0.25;
  config.value_dropout = 0.5;
  config.classes = {"a \"quoted\" name", "tab\tname", "\xc3\xa9"};
  const std::string json = to_json(validated(config));
  const ModelConfig read = model_config_from_json(json);
  EXPECT_EQ(to_json(read), json);
  EXPECT_EQ(read.tokens, config.tokens);
  EXPECT_EQ(read.padding_index, 5);
  EXPECT_EQ(read.embedding, 7);
  EXPECT_EQ(read.hidden, 9);
  EXPECT_EQ(read.max_length, 33);
  EXPECT_EQ(read.blocks, 3);
  EXPECT_EQ(read.factors, 2);
  EXPECT_EQ(read.protocol, Protocol::kDilated);
  EXPECT_EQ(read.boundary, Boundary::kLinear);
  EXPECT_EQ(read.position, PositionKind::kLearned);
  EXPECT_EQ(read.length, LengthKind::kFixed);
  EXPECT_EQ(read.pooling, Pooling::kFlatten);
  EXPECT_EQ(read.norm, NormKind::kPre);
  EXPECT_EQ(read.links_from, LinksFrom::kHidden);
  EXPECT_EQ(read.embedding_dropout, 0.1);
  EXPECT_EQ(read.token_dropout, 0.25);
  EXPECT_EQ(read.value_dropout, 0.5);
  EXPECT_EQ(read.classes, config.classes);
}

TEST(ModelConfig, JsonRoundTripKeepsInputsThatAreNoDna) {
  ModelConfig config = valid_config();
  config.input = InputKind::kTokens;
  config.vocabulary = 18;
  EXPECT_EQ(model_config_from_json(to_json(config)).vocabulary, 18);
  config.input = InputKind::kReal;
  config.input_channels = 2;
  config.task = TaskKind::kRegress;
  const ModelConfig read = model_config_from_json(to_json(config));
  EXPECT_EQ(read.input, InputKind::kReal);
  EXPECT_EQ(read.input_channels, 2);
  EXPECT_EQ(read.task, TaskKind::kRegress);
}

TEST(ModelConfig, JsonSettingsChangeOnlyTheirOwnFields) {
  const ModelConfig base = valid_config();
  const ModelConfig changed =
      with_json_settings(base, R"({"embedding": 64, "tokens": {"k": 5}, "pooling": "max"})");
  EXPECT_EQ(changed.embedding, 64);
  EXPECT_EQ(changed.tokens.k, 5);
  EXPECT_EQ(changed.tokens.kind, base.tokens.kind);
  EXPECT_EQ(changed.pooling, Pooling::kMax);
  EXPECT_EQ(changed.hidden, base.hidden);
  EXPECT_EQ(to_json(with_json_settings(base, "{}")), to_json(base));
}

TEST(ModelConfig, UnknownKeysAreNamed) {
  EXPECT_HAS(reading_error(R"({"embeding": 4})"), "unknown key 'embeding'");
  EXPECT_HAS(reading_error(R"({"tokens": {"width": 4}})"), "unknown key 'width'");
}

TEST(ModelConfig, ValuesOfTheWrongTypeNameTheirKey) {
  EXPECT_HAS(reading_error(R"({"embedding": "big"})"), "'embedding'");
  EXPECT_HAS(reading_error(R"({"embedding": 3.5})"), "'embedding'");
  EXPECT_HAS(reading_error(R"({"embedding": null})"), "'embedding'");
  EXPECT_HAS(reading_error(R"({"pooling": 3})"), "'pooling'");
  EXPECT_HAS(reading_error(R"({"value_dropout": []})"), "'value_dropout'");
  EXPECT_HAS(reading_error(R"({"classes": "virus"})"), "'classes'");
  EXPECT_HAS(reading_error(R"({"classes": [1, 2]})"), "'classes'");
  EXPECT_HAS(reading_error(R"({"padding_index": "last"})"), "'padding_index'");
  EXPECT_HAS(reading_error(R"({"tokens": 6})"), "tokens");
  EXPECT_HAS(reading_error(R"({"tokens": {"k": true}})"), "'k'");
}

TEST(ModelConfig, NumbersThatDoNotFitTheirFieldAreRefused) {
  EXPECT_HAS(reading_error(R"({"tokens": {"k": 4294967299}})"), "'k'");
  EXPECT_HAS(reading_error(R"({"hidden": 18446744073709551615})"), "'hidden'");
}

TEST(ModelConfig, UnknownNamesListTheKnownOnes) {
  EXPECT_HAS(reading_error(R"({"pooling": "median"})"), "pooling 'median'");
  EXPECT_HAS(reading_error(R"({"pooling": "median"})"), "attention");
  EXPECT_HAS(reading_error(R"({"norm": "post"})"), "norm 'post'");
  EXPECT_HAS(reading_error(R"({"protocol": "star"})"), "protocol 'star'");
  EXPECT_HAS(reading_error(R"({"boundary": "wall"})"), "boundary 'wall'");
  EXPECT_HAS(reading_error(R"({"position": "sine"})"), "position 'sine'");
  EXPECT_HAS(reading_error(R"({"length": "any"})"), "length 'any'");
  EXPECT_HAS(reading_error(R"({"links_from": "both"})"), "links_from 'both'");
  EXPECT_HAS(reading_error(R"({"input": "rna"})"), "input 'rna'");
  EXPECT_HAS(reading_error(R"({"task": "sort"})"), "task 'sort'");
  EXPECT_HAS(reading_error(R"({"tokens": {"kind": "word"}})"), "'word'");
  EXPECT_HAS(reading_error(R"({"architecture": "transformer"})"), "architecture");
}

TEST(ModelConfig, TextThatIsNoJsonObjectIsRefused) {
  for (const char* text : {"", "{", "[]", "3", "null", "{\"embedding\": 4,}", "\xff"}) {
    EXPECT_HAS(reading_error(text), "model configuration") << text;
  }
}

TEST(ModelConfig, SizesOutOfRangeNameTheirField) {
  const auto refusal_with = [](auto field, auto value) {
    ModelConfig config = valid_config();
    config.*field = value;
    return refusal_of(config);
  };
  EXPECT_HAS(refusal_with(&ModelConfig::embedding, 0), "'embedding' is 0");
  EXPECT_HAS(refusal_with(&ModelConfig::hidden, -1), "'hidden' is -1");
  EXPECT_HAS(refusal_with(&ModelConfig::max_length, 0), "'max_length' is 0");
  EXPECT_HAS(refusal_with(&ModelConfig::blocks, 0), "'blocks' is 0");
  EXPECT_HAS(refusal_with(&ModelConfig::factors, -2), "'factors' is -2");
  EXPECT_HAS(refusal_with(&ModelConfig::factors, 61), "'factors' is 61");
  EXPECT_HAS(refusal_with(&ModelConfig::embedding_dropout, 1.0), "embedding_dropout");
  EXPECT_HAS(refusal_with(&ModelConfig::token_dropout, -0.1), "token_dropout");
  EXPECT_HAS(refusal_with(&ModelConfig::value_dropout, std::nan("")), "value_dropout");
  EXPECT_HAS(refusal_with(&ModelConfig::padding_index, 66), "padding_index is 66");
  EXPECT_HAS(refusal_with(&ModelConfig::padding_index, -1), "padding_index is -1");
}

TEST(ModelConfig, InputsThatAreNoDnaNeedTheirOwnSizes) {
  ModelConfig config = valid_config();
  config.input = InputKind::kTokens;
  config.vocabulary = 0;
  EXPECT_HAS(refusal_of(config), "vocabulary is 0");
  config.input = InputKind::kReal;
  EXPECT_HAS(refusal_of(config), "input_channels is 0");
}

TEST(ModelConfig, CombinationsWithoutMeaningNameTheirFields) {
  ModelConfig config = valid_config();
  config.pooling = Pooling::kFlatten;
  EXPECT_HAS(refusal_of(config), "pooling 'flatten' needs length 'fixed'");

  config = valid_config();
  config.position = PositionKind::kLearned;
  EXPECT_HAS(refusal_of(config), "position 'learned' needs length 'fixed'");

  config = valid_config();
  config.norm = NormKind::kNone;
  config.links_from = LinksFrom::kHidden;
  EXPECT_HAS(refusal_of(config), "links_from 'hidden'");
}

TEST(ModelConfig, ClassesMustBeThereAndDiffer) {
  ModelConfig config = valid_config();
  config.classes = {};
  EXPECT_HAS(refusal_of(config), "no classes");
  config.classes = {"a", ""};
  EXPECT_HAS(refusal_of(config), "empty name");
  config.classes = {"a", "b", "a"};
  EXPECT_HAS(refusal_of(config), "'a' appears twice");
}

TEST(ModelConfig, ClassNamesThatNoFileCanHoldAreRefused) {
  ModelConfig config = valid_config();
  config.classes = {"caf\xe9", "tea"};  // Latin-1
  EXPECT_HAS(refusal_of(config), "UTF-8");
}

TEST(ModelConfig, TokenSchemesOutOfRangeAreRefused) {
  ModelConfig config = valid_config();
  config.tokens = {TokenKind::kKmer, 9, "agctn"};
  EXPECT_HAS(refusal_of(config), "k = 9");
  config.tokens = {TokenKind::kNucleotide, 1, "acgu"};
  EXPECT_HAS(refusal_of(config), "alphabet 'acgu'");
}

TEST(ModelConfig, PublishedGenomeConfigurationIsTheOneOfThePaper) {
  const ModelConfig config = validated(published_genome_config(16384, {"a", "b"}));
  EXPECT_EQ(config.vocabulary, 6);
  EXPECT_EQ(config.embedding, 32);
  EXPECT_EQ(config.hidden, 128);
  EXPECT_EQ(config.resolved_factors(), 14);
  EXPECT_EQ(config.link_pattern().links(), 15);
  EXPECT_EQ(config.pooling, Pooling::kFlatten);
  EXPECT_EQ(config.position, PositionKind::kLearned);
}

/// Every number of the configuration, but what a token scheme or an imported file
/// gives, so that a new one cannot be left without a range.
TEST(ModelConfig, EveryNumberInJsonHasARangeThatIsChecked) {
  const nlohmann::json defaults = nlohmann::json::parse(to_json(ModelConfig{}));
  int numbers = 0;
  for (const auto& [key, value] : defaults.items()) {
    if (!value.is_number() || key == "vocabulary" || key == "input_channels") continue;
    ++numbers;
    for (const char* wrong :
         {"-1e300", "1e300", "-9223372036854775808", "true", "\"1\"", "\"nan\"", "[1]", "{}"}) {
      const std::string message = test::message_of(
          [&] { with_json_settings(ModelConfig{}, "{\"" + key + "\": " + wrong + "}"); });
      EXPECT_HAS(message, "model configuration: key '" + key + "' has the value ");
      EXPECT_HAS(message, ", expected a ");
    }
  }
  EXPECT_GT(numbers, 6);
}

}  // namespace
}  // namespace paramixer
