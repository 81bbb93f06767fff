#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace paramixer {

/// Sequences of tokens laid end to end, without padding between them.
struct TokenBatch {
  std::vector<std::int32_t> tokens;     ///< [T]
  std::vector<std::int64_t> starts{0};  ///< [B + 1]; sequence b is tokens [starts[b], starts[b+1]).
  std::vector<std::int64_t> valid{};    ///< [B]; the first valid[b] positions are not padding.

  std::int64_t sequences() const noexcept { return static_cast<std::int64_t>(valid.size()); }
  std::int64_t positions() const noexcept { return starts.back(); }

  /// Appends a sequence of `count` tokens and, up to `padded_count`, `pad`. Returns where the
  /// tokens go.
  std::span<std::int32_t> append(std::int64_t count, std::int64_t padded_count, std::int32_t pad) {
    const auto begin = tokens.size();
    tokens.resize(begin + static_cast<std::size_t>(padded_count), pad);
    starts.push_back(static_cast<std::int64_t>(tokens.size()));
    valid.push_back(count);
    return std::span(tokens).subspan(begin, static_cast<std::size_t>(count));
  }

  /// Empties the batch and keeps its memory.
  void clear() {
    tokens.clear();
    starts.assign(1, 0);
    valid.clear();
  }
};

}  // namespace paramixer
