#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "core/sequence/token_batch.hpp"
#include "models/network/paramixer.hpp"

namespace paramixer {

/// Runs sequences through a model in groups and passes on the logits of each with its owner and
/// weight. CPU only.
class LogitBatch {
 public:
  /// Number of the sequence's owner, its weight, and its logits.
  using Answer = std::function<void(std::size_t, double, const double*)>;

  /// At most `size` sequences are computed at once. `model` must outlive this.
  LogitBatch(Paramixer& model, std::int64_t size, Answer answer);

  /// Copies a sequence (a batch of one).
  void append(const TokenBatch& sequence, std::size_t owner, double weight);
  /// Computes the rest. Must be called at the end.
  void flush();

 private:
  Paramixer& model_;
  std::int64_t size_;
  Answer answer_;
  TokenBatch batch_;
  std::vector<std::pair<std::size_t, double>> owners_;
};

}  // namespace paramixer
