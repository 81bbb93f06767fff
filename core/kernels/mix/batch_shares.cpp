#include "core/kernels/mix/batch_shares.hpp"

#include <algorithm>

namespace paramixer {
namespace {

constexpr std::int64_t kFloatBytes = sizeof(float);
constexpr std::int64_t kGroupBytes = std::int64_t{16} << 20;
constexpr std::int64_t kLargeTableBytes = std::int64_t{1} << 20;

}  // namespace

SequenceRange share_of(std::span<const std::int64_t> starts, int member, int members) {
  const auto first_of = [&](int part) -> std::int64_t {
    const std::int64_t cut =
        starts.back() / members * part + starts.back() % members * part / members;
    return std::lower_bound(starts.begin(), starts.end() - 1, cut) - starts.begin();
  };
  const std::int64_t sequences = static_cast<std::int64_t>(starts.size()) - 1;
  return {member == 0 ? 0 : first_of(member),
          member + 1 == members ? sequences : first_of(member + 1)};
}

std::int64_t longest(std::span<const std::int64_t> starts, const SequenceRange& range) {
  std::int64_t length = 0;
  for (std::int64_t b = range.first; b < range.last; ++b) {
    length = std::max(length, starts[b + 1] - starts[b]);
  }
  return length;
}

std::int64_t length_of(const MixProblem<float>& problem, std::int64_t sequence) {
  return problem.starts[sequence + 1] - problem.starts[sequence];
}

SequenceRange group_from(const MixProblem<float>& problem, std::int64_t first) {
  const std::int64_t length = length_of(problem, first);
  // Before and after a factor.
  const std::int64_t bytes = 2 * length * problem.channels * kFloatBytes;
  std::int64_t last = first + 1;
  while (last < problem.sequences() && length_of(problem, last) == length &&
         (last - first + 1) * bytes <= kGroupBytes) {
    ++last;
  }
  return {first, last};
}

bool shares_table_rows(const MixProblem<float>& problem) {
  if (!problem.links.folded()) return false;
  const std::int64_t bytes = problem.links.rows * problem.pattern->links() * kFloatBytes;
  if (bytes < kLargeTableBytes) return false;
  for (std::int64_t b = 1; b < problem.sequences(); ++b) {
    if (length_of(problem, b) != length_of(problem, 0)) return false;
  }
  return true;
}

}  // namespace paramixer
