#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/enum_names.hpp"
#include "core/links/link_pattern.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {

/// The kind of input at a position.
enum class InputKind {
  kDna,     ///< Tokens made from bases by the token scheme.
  kTokens,  ///< Token numbers without a meaning to this program (imported non-DNA models).
  kReal,    ///< Real-valued channels through Linear(channels, E) (the adding problem).
};

template <>
struct EnumNames<InputKind> {
  static constexpr const char* kWhat = "input";
  static constexpr EnumName<InputKind> kTable[] = {
      {InputKind::kDna, "dna"}, {InputKind::kTokens, "tokens"}, {InputKind::kReal, "real"}};
};

enum class TaskKind { kClassify, kRegress };

template <>
struct EnumNames<TaskKind> {
  static constexpr const char* kWhat = "task";
  static constexpr EnumName<TaskKind> kTable[] = {{TaskKind::kClassify, "classify"},
                                                  {TaskKind::kRegress, "regress"}};
};
enum class PositionKind { kNone, kLearned };

template <>
struct EnumNames<PositionKind> {
  static constexpr const char* kWhat = "position";
  static constexpr EnumName<PositionKind> kTable[] = {{PositionKind::kNone, "none"},
                                                      {PositionKind::kLearned, "learned"}};
};

enum class LengthKind {
  kFixed,   ///< Every sequence is padded to max_length with PAD, as published.
  kActual,  ///< No padding: the ring is the sequence's own length.
};

template <>
struct EnumNames<LengthKind> {
  static constexpr const char* kWhat = "length";
  static constexpr EnumName<LengthKind> kTable[] = {{LengthKind::kActual, "actual"},
                                                    {LengthKind::kFixed, "fixed"}};
};

enum class Pooling { kFlatten, kCls, kMean, kMax, kAttention };

template <>
struct EnumNames<Pooling> {
  static constexpr const char* kWhat = "pooling";
  static constexpr EnumName<Pooling> kTable[] = {{Pooling::kMean, "mean"},
                                                 {Pooling::kMax, "max"},
                                                 {Pooling::kAttention, "attention"},
                                                 {Pooling::kCls, "cls"},
                                                 {Pooling::kFlatten, "flatten"}};
};

enum class NormKind {
  kNone,  ///< V = mix(g(V)) in every block, as published.
  kPre,   ///< V = V + mix(g(LayerNorm(V))), and a LayerNorm before the pooling.
};

template <>
struct EnumNames<NormKind> {
  static constexpr const char* kWhat = "norm";
  static constexpr EnumName<NormKind> kTable[] = {{NormKind::kPre, "pre"},
                                                  {NormKind::kNone, "none"}};
};

/// The values a block mixes: its input through g, or the input itself.
enum class ValuesFrom {
  kNetwork,    ///< V = g(input), as published.
  kEmbedding,  ///< V = input. Without factors, g adds nothing that the embedding cannot learn and
               ///< costs most of a step.
};

template <>
struct EnumNames<ValuesFrom> {
  static constexpr const char* kWhat = "values_from";
  static constexpr EnumName<ValuesFrom> kTable[] = {{ValuesFrom::kNetwork, "network"},
                                                    {ValuesFrom::kEmbedding, "embedding"}};
};

enum class LinksFrom {
  kEmbedding,  ///< Every block's links come from the embedding X, as published.
  kHidden,     ///< Blocks after the first compute links from their normalised input.
};

template <>
struct EnumNames<LinksFrom> {
  static constexpr const char* kWhat = "links_from";
  static constexpr EnumName<LinksFrom> kTable[] = {{LinksFrom::kEmbedding, "embedding"},
                                                   {LinksFrom::kHidden, "hidden"}};
};

/// Everything that determines a Paramixer's shape and computation. Stored as JSON in the model
/// file.
struct ModelConfig {
  InputKind input = InputKind::kDna;
  TaskKind task = TaskKind::kClassify;
  TokenScheme tokens{};             ///< kDna only.
  std::int64_t vocabulary = 0;      ///< Rows of the embedding; from `tokens` for kDna.
  std::int64_t input_channels = 0;  ///< kReal only.
  /// Row of the embedding that is never trained (its gradient is zero), as nn.Embedding's
  /// padding_idx.
  std::optional<std::int64_t> padding_index{};
  std::int64_t embedding = 32;  ///< E
  std::int64_t hidden = 128;    ///< H
  std::int64_t max_length =
      4096;  ///< N, in tokens: fixed length, position table, number of factors.
  std::int64_t blocks = 1;
  std::int64_t factors = -1;  ///< M; -1 means ceil(log2 N). 0 is a bag of tokens.
  Protocol protocol = Protocol::kChord;
  Boundary boundary = Boundary::kRing;
  PositionKind position = PositionKind::kNone;
  LengthKind length = LengthKind::kActual;
  Pooling pooling = Pooling::kMean;
  NormKind norm = NormKind::kPre;
  LinksFrom links_from = LinksFrom::kEmbedding;
  ValuesFrom values_from = ValuesFrom::kNetwork;
  double embedding_dropout =
      0.0;  ///< The paper's dropout1, on single positions of X and of V. Stops folding in training.
  double token_dropout = 0.0;  ///< On whole embedding rows; keeps folding.
  double value_dropout = 0.0;  ///< The paper's dropout2, on V after every block.
  std::vector<std::string> classes{};

  bool classifies_dna() const { return input == InputKind::kDna && task == TaskKind::kClassify; }
  std::int64_t outputs() const {
    return task == TaskKind::kRegress ? 1 : static_cast<std::int64_t>(classes.size());
  }
  std::int64_t resolved_factors() const { return factors < 0 ? ceil_log2(max_length) : factors; }
  LinkPattern link_pattern() const { return LinkPattern(protocol, resolved_factors()); }
};

/// The published genome configuration for sequences of up to `max_length` bases.
ModelConfig published_genome_config(std::int64_t max_length, std::vector<std::string> classes);

/// Fills derived fields (vocabulary). Throws Error, naming the field, for a meaningless
/// combination: sizes below 1, flatten or learned positions with actual length, links from hidden
/// without a norm, ...
ModelConfig validated(ModelConfig config);

/// The part of validated() that concerns the classes: unique names in UTF-8, none empty.
void check_class_names(const std::vector<std::string>& classes);

std::string to_json(const ModelConfig& config);
/// Throws Error naming the key for a wrong type or value, and for unknown keys.
ModelConfig model_config_from_json(const std::string& json);
/// Overlays the keys of a JSON object on `base` (the `model` part of a --config file).
ModelConfig with_settings(ModelConfig base, const nlohmann::json& settings);
/// with_settings() of JSON text.
ModelConfig with_json_settings(ModelConfig base, const std::string& json);

}  // namespace paramixer
