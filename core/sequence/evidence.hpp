#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sequence/window.hpp"

namespace paramixer {

/// The largest share of lost bases (see Evidence) with which a sequence is still classified. The
/// 6-mer virus model of version 0.1.0, on 2,000 bases of which one run is masked, is right for 86 %
/// of the records and well calibrated (error 0.05) when half is masked; at three quarters it is
/// right for 47 % and far too confident (0.20).
inline constexpr double kMostUnknown = 0.5;

/// How much of a sequence a model can use. A base is known if it is A, C, G, T or U of either case,
/// and a token if all its bases are. A base is lost if no known token covers it: an unknown one, or
/// a known one with too few known neighbours.
struct Evidence {
  std::int64_t bases = 0;
  std::int64_t unknown_bases = 0;
  std::int64_t lost_bases = 0;  ///< At least `unknown_bases`.
  std::int64_t known_tokens = 0;

  /// At least one token is known, and at most a share `max_unknown` of the bases is lost.
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
