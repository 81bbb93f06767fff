#pragma once

#include <cstdint>
#include <string>

#include "models/config/model_config.hpp"

namespace paramixer {

/// How the kernels get a model's links. All give the same results.
enum class LinkFeed {
  kTokenTable,     ///< Folded: computed once per vocabulary entry, looked up by token.
  kPositionTable,  ///< Computed once per vocabulary entry and position, when the weights are final.
  kFused,          ///< Computed at every position inside the mixing kernel.
};

/// In training every step has new weights, so only vocabulary-sized tables pay off.
LinkFeed training_link_feed(const ModelConfig& config);
/// Tables wherever they are valid and take at most kMostTableBytes.
LinkFeed inference_link_feed(const ModelConfig& config);

constexpr std::int64_t kMostTableBytes = std::int64_t{512} << 20;

/// Memory of a position table; what inference_link_feed() compares.
std::int64_t position_table_bytes(const ModelConfig& config);

/// One line for people: "table of 4098 tokens", "table of 6 tokens x 16384 positions (93 MB)",
/// "computed at every position".
std::string describe_link_feed(const ModelConfig& config, LinkFeed feed);

}  // namespace paramixer
