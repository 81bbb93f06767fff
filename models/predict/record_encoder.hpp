#pragma once

#include <string>
#include <string_view>

#include "core/sequence/token_batch.hpp"
#include "core/sequence/tokenizer.hpp"
#include "models/config/model_config.hpp"

namespace paramixer {

/// Encodes a sequence of bases for a model: tokens, and padding if its length is fixed. Immutable,
/// thread-safe.
class RecordEncoder {
 public:
  explicit RecordEncoder(const ModelConfig& config);

  const Tokenizer& tokenizer() const noexcept { return tokenizer_; }

  /// Throws Error (without a place) for sequences the model cannot take: no or too few bases, an
  /// invalid letter.
  void check(std::string_view bases) const;
  /// A batch of one.
  TokenBatch encode(std::string_view bases) const;
  /// encode() of `bases` with another base in one place. `unchanged` is encode(bases); only the
  /// tokens that cover the place are recomputed.
  TokenBatch with_base(const TokenBatch& unchanged, std::string_view bases, std::int64_t place,
                       char base) const;

 private:
  Tokenizer tokenizer_;
  std::int64_t padded_length_;  ///< In tokens; 0: no padding.
};

}  // namespace paramixer
