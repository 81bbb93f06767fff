#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/links/link_pattern.hpp"

namespace paramixer {

/// The positions connected by the links of one sequence.
struct LinkShape {
  LinkPattern pattern;
  Boundary boundary = Boundary::kRing;
  std::int64_t length = 0;  ///< Positions of the ring, N, padding included.
  std::int64_t valid = 0;   ///< The first `valid` positions are not padding.
};

/// The links of a folded model: they depend on the token alone, so the table covers every position
/// of a block.
struct LinkTables {
  std::int64_t vocabulary = 0;
  std::int64_t links = 0;                     ///< L
  std::vector<std::vector<float>> weights{};  ///< [M], each row-major [vocabulary, L].
};

/// Weights of one factor in memory, as MixFactor takes them.
struct FactorWeights {
  const float* weights = nullptr;        ///< [rows, L]
  const std::int32_t* row_of = nullptr;  ///< [N]; null: the row is the position.
};

/// The link weights of one sequence and block, on demand: all N x M x L are never in memory at
/// once. Not thread-safe.
class LinkSource {
 public:
  explicit LinkSource(LinkShape shape) : shape_(std::move(shape)) {}
  virtual ~LinkSource() = default;
  LinkSource(const LinkSource&) = delete;
  LinkSource& operator=(const LinkSource&) = delete;

  const LinkShape& shape() const noexcept { return shape_; }
  std::int64_t factors() const noexcept { return shape_.pattern.factors(); }
  std::int64_t links() const noexcept { return shape_.pattern.links(); }

  /// Writes W_m[i, k] of positions [begin, end) to `out`, row-major [end - begin, L].
  virtual void read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) = 0;
  /// All weights of a factor; `scratch` holds them ([N, L]) if they are not in a table. Valid until
  /// `scratch` changes.
  virtual FactorWeights whole_factor(std::int64_t factor, std::vector<float>& scratch);

 private:
  LinkShape shape_;
};

/// Links looked up by token.
class FoldedLinks final : public LinkSource {
 public:
  /// `tokens` has shape.length numbers below tables->vocabulary. Throws Error otherwise.
  FoldedLinks(LinkShape shape, std::shared_ptr<const LinkTables> tables,
              std::vector<std::int32_t> tokens);

  void read(std::int64_t factor, std::int64_t begin, std::int64_t end, float* out) override;
  FactorWeights whole_factor(std::int64_t factor, std::vector<float>& scratch) override;

 private:
  std::shared_ptr<const LinkTables> tables_;
  std::vector<std::int32_t> tokens_;
};

}  // namespace paramixer
