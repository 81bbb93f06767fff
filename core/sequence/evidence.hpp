#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sequence/window.hpp"

namespace paramixer {

/// The largest share of lost bases (see Evidence) with which a sequence is still classified. The
/// shipped virus model, on 2,000 bases of which one run is masked, is right in 86 % of the records
/// and knows how sure it can be (calibration error 0.05) when a half is masked; at three quarters
/// it is right in 47 % and far too sure (0.20).
inline constexpr double kMostUnknown = 0.5;

/// What of a sequence a model can judge by. A base is known if it is A, C, G, T or U of either
/// case, and a token if all its bases are. A base is lost if no known token covers it: an unknown
/// one, or a known one with too few known neighbours.
struct Evidence {
  std::int64_t bases = 0;
  std::int64_t unknown_bases = 0;
  std::int64_t lost_bases = 0;  ///< At least `unknown_bases`.
  std::int64_t known_tokens = 0;

  /// At least one token is known, and of the bases a share of at most `max_unknown` is lost.
  bool suffices(double max_unknown) const noexcept;
};

/// Counts the evidence of a sequence for tokens of `span` bases each. Letters that are not
/// nucleotide codes count as unknown.
Evidence evidence_in(std::string_view bases, std::int64_t span) noexcept;

/// Runs of more than `longest` unknown bases, ascending.
std::vector<Window> unknown_runs(std::string_view bases, std::int64_t longest);

/// Why a record is not classified: "no evidence: 4000 of 4000 bases unknown".
std::string describe_no_evidence(const Evidence& evidence, std::int64_t span);

/// Throws a usage Error unless `max_unknown` is a share, from 0 to 1.
void check_max_unknown(double max_unknown);

}  // namespace paramixer
