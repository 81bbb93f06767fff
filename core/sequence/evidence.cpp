#include "core/sequence/evidence.hpp"

#include "core/base/error.hpp"
#include "core/sequence/alphabet.hpp"

namespace paramixer {

bool Evidence::suffices(double max_unknown) const noexcept {
  // Divides rather than multiplies: 29 of 100 equals the number parsed from 0.29.
  return known_tokens > 0 &&
         static_cast<double>(lost_bases) / static_cast<double>(bases) <= max_unknown;
}

Evidence evidence_in(std::string_view bases, std::int64_t span) noexcept {
  Evidence evidence{.bases = std::ssize(bases)};
  std::int64_t covered = 0;
  std::int64_t run = 0;  // Known bases since the last unknown one.
  for (const char letter : bases) {
    const bool known = base_code(letter) < kAmbiguousCode;
    run = known ? run + 1 : 0;
    evidence.unknown_bases += known ? 0 : 1;
    evidence.known_tokens += run >= span ? 1 : 0;
    // The first token of a run covers all its bases, every later one adds a base.
    if (run >= span) covered += run == span ? span : 1;
  }
  evidence.lost_bases = evidence.bases - covered;
  return evidence;
}

std::vector<Window> unknown_runs(std::string_view bases, std::int64_t longest) {
  std::vector<Window> runs;
  std::int64_t begin = 0;
  for (std::int64_t i = 0; i <= std::ssize(bases); ++i) {
    const bool known =
        i == std::ssize(bases) || base_code(bases[static_cast<std::size_t>(i)]) < kAmbiguousCode;
    if (!known) continue;
    if (i - begin > longest) runs.push_back({begin, i - begin});
    begin = i + 1;
  }
  return runs;
}

std::string describe_no_evidence(const Evidence& evidence, std::int64_t span) {
  const std::string text = "no evidence: " + std::to_string(evidence.unknown_bases) + " of " +
                           std::to_string(evidence.bases) + " bases unknown";
  if (evidence.unknown_bases == evidence.lost_bases) return text;
  if (evidence.known_tokens == 0) return text + ", no " + std::to_string(span) + " in a row known";
  return text + ", only " + std::to_string(evidence.bases - evidence.lost_bases) + " in runs of " +
         std::to_string(span) + " or more known bases";
}

void check_max_unknown(double max_unknown) {
  if (!(max_unknown >= 0.0 && max_unknown <= 1.0)) {
    throw usage_error("the largest share of unknown bases must be from 0 to 1");
  }
}

}  // namespace paramixer
