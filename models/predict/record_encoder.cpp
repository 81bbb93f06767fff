#include "models/predict/record_encoder.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/sequence/invalid_base.hpp"

namespace paramixer {

RecordEncoder::RecordEncoder(const ModelConfig& config)
    : tokenizer_(config.tokens),
      padded_length_(config.length == LengthKind::kFixed ? config.max_length : 0) {}

void RecordEncoder::check(std::string_view bases) const {
  const auto length = static_cast<std::int64_t>(bases.size());
  if (length < tokenizer_.span()) {
    throw Error("too short: " + std::to_string(length) + " bases, the model needs " +
                std::to_string(tokenizer_.span()));
  }
  const std::string invalid = describe_invalid_base(bases);
  if (!invalid.empty()) throw Error(invalid);
}

TokenBatch RecordEncoder::encode(std::string_view bases) const {
  const std::int64_t count = tokenizer_.token_count(static_cast<std::int64_t>(bases.size()));
  TokenBatch batch;
  tokenizer_.encode(bases,
                    batch.append(count, std::max(count, padded_length_), tokenizer_.pad_token()));
  return batch;
}

TokenBatch RecordEncoder::with_base(const TokenBatch& unchanged, std::string_view bases,
                                    std::int64_t place, char base) const {
  const std::int64_t first = std::max<std::int64_t>(0, place - tokenizer_.span() + 1);
  const std::int64_t last = std::min(place, unchanged.valid.front() - 1);
  std::string around(bases.substr(static_cast<std::size_t>(first),
                                  static_cast<std::size_t>(last - first + tokenizer_.span())));
  around[static_cast<std::size_t>(place - first)] = base;
  TokenBatch changed = unchanged;
  tokenizer_.encode(around, std::span(changed.tokens)
                                .subspan(static_cast<std::size_t>(first),
                                         static_cast<std::size_t>(last - first + 1)));
  return changed;
}

}  // namespace paramixer
