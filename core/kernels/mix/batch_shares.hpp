#pragma once

#include <cstdint>
#include <span>

#include "core/kernels/mix/mix.hpp"

namespace paramixer {

/// Sequences [first, last) of a batch.
struct SequenceRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

/// What thread `member` takes when whole sequences are shared: contiguous parts with about equal
/// numbers of positions.
SequenceRange share_of(std::span<const std::int64_t> starts, int member, int members);

/// Positions of the longest sequence; 0 for an empty range.
std::int64_t longest(std::span<const std::int64_t> starts, const SequenceRange& range);

std::int64_t length_of(const MixProblem<float>& problem, std::int64_t sequence);

/// The group of sequences that starts with `first`: neighbours of one length whose values fit
/// into a last-level cache together.
SequenceRange group_from(const MixProblem<float>& problem, std::int64_t first);

/// Positions that all sequences of a group pass in turn, so that rows of a large table of links
/// are read once.
inline constexpr std::int64_t kSharedRows = 512;

/// Whether all sequences have one length and read rows of a table of links that does not stay in a
/// core's cache while one sequence passes all factors.
bool shares_table_rows(const MixProblem<float>& problem);

}  // namespace paramixer
