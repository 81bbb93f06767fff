#include "models/config/link_feed.hpp"

namespace paramixer {
namespace {

/// Whether links follow from the token alone while no position is dropped by itself.
bool token_decides(const ModelConfig& config) {
  return config.input != InputKind::kReal && config.position == PositionKind::kNone;
}

}  // namespace

LinkFeed training_link_feed(const ModelConfig& config) {
  return token_decides(config) && config.embedding_dropout == 0.0 ? LinkFeed::kTokenTable
                                                                  : LinkFeed::kFused;
}

LinkFeed inference_link_feed(const ModelConfig& config) {
  if (token_decides(config)) return LinkFeed::kTokenTable;
  const bool by_position =
      config.input != InputKind::kReal && config.position == PositionKind::kLearned;
  return by_position && position_table_bytes(config) <= kMostTableBytes ? LinkFeed::kPositionTable
                                                                        : LinkFeed::kFused;
}

std::int64_t position_table_bytes(const ModelConfig& config) {
  const std::int64_t rows = config.max_length * config.vocabulary;
  const std::int64_t blocks = config.links_from == LinksFrom::kEmbedding ? config.blocks : 1;
  const std::int64_t links = blocks * config.resolved_factors() * config.link_pattern().links();
  return rows * (links + 2 * config.embedding) * static_cast<std::int64_t>(sizeof(float));
}

std::string describe_link_feed(const ModelConfig& config, LinkFeed feed) {
  const std::string tokens = "table of " + std::to_string(config.vocabulary) + " tokens";
  switch (feed) {
    case LinkFeed::kTokenTable:
      return tokens;
    case LinkFeed::kPositionTable:
      return tokens + " x " + std::to_string(config.max_length) + " positions (" +
             std::to_string((position_table_bytes(config) >> 20) + 1) + " MB)";
    case LinkFeed::kFused:
      break;
  }
  return "computed at every position";
}

}  // namespace paramixer
