#include "core/simulate/dissimilar_motifs.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

#include "core/base/error.hpp"
#include "core/sequence/random_base.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

constexpr int kRounds = 200;
constexpr int kCandidatesPerRound = 2000;

std::string random_bases(std::int64_t length, Random& random) {
  std::string bases(static_cast<std::size_t>(length), '\0');
  for (char& base : bases) base = random_base(random);
  return bases;
}

// At least three quarters of the dinucleotides are distinct (of fifteen for long motifs): this
// excludes runs of five, short repeats and motifs of two letters.
bool is_complex(std::string_view motif) {
  std::set<std::string_view> pairs;
  for (std::size_t i = 0; i + 1 < motif.size(); ++i) pairs.insert(motif.substr(i, 2));
  return 4 * pairs.size() >= 3 * std::min<std::size_t>(motif.size() - 1, 15);
}

bool is_far_from(const std::string& candidate, const std::vector<std::string>& motifs) {
  const std::int64_t least = least_motif_distance(static_cast<std::int64_t>(candidate.size()));
  const std::string reverse = reverse_complement(candidate);
  return hamming_distance(candidate, reverse) >= least &&
         std::all_of(motifs.begin(), motifs.end(), [&](const std::string& motif) {
           return hamming_distance(candidate, motif) >= least &&
                  hamming_distance(reverse, motif) >= least;
         });
}

}  // namespace

std::int64_t hamming_distance(std::string_view a, std::string_view b) {
  std::int64_t distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += a[i] != b[i] ? 1 : 0;
  return distance;
}

std::int64_t least_motif_distance(std::int64_t length) { return (3 * length + 4) / 5; }

std::vector<std::string> draw_dissimilar_motifs(std::int64_t count, std::int64_t length,
                                                Random& random) {
  // A choice of the first motifs may leave no room for the last, so the search starts over.
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> motifs;
    for (int i = 0; i < kCandidatesPerRound; ++i) {
      if (static_cast<std::int64_t>(motifs.size()) == count) return motifs;
      std::string candidate = random_bases(length, random);
      if (is_complex(candidate) && is_far_from(candidate, motifs)) {
        motifs.push_back(std::move(candidate));
      }
    }
  }
  throw usage_error("found no " + std::to_string(count) + " dissimilar motifs of " +
                    std::to_string(length) + " bases; choose longer or fewer motifs");
}

}  // namespace paramixer
