#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernels/mix/mix.hpp"

namespace paramixer {

/// One row of the table that drives every check of the mixing operation: reference, CPU kernels,
/// gradient check.
struct MixCase {
  const char* name;
  Protocol protocol;
  Boundary boundary;
  std::int64_t factors;
  std::vector<std::int64_t> lengths;  ///< One a sequence.
  std::int64_t channels;
  std::int64_t vocabulary;  ///< Rows of the folded table; 0 for dense links.
};

inline std::string name_of(const MixCase& mix_case) { return mix_case.name; }

/// Odd and tiny lengths, lengths below the largest offset, several widths, both protocols,
/// boundaries and link feeds.
const std::vector<MixCase>& mix_cases();

/// Sizes of real models: what the benchmarks run. The tests compare kernels with the reference on
/// them too, and leave out the slow checks.
const std::vector<MixCase>& full_size_mix_cases();

/// Random buffers for a case, owned together so that a MixProblem can point into them.
template <typename Real>
struct MixCaseData {
  MixCaseData(const MixCase& mix_case, std::uint64_t seed);

  MixProblem<Real> problem() const;
  std::int64_t values() const { return static_cast<std::int64_t>(input.size()); }

  LinkPattern pattern;
  Boundary boundary;
  std::vector<std::int64_t> starts;
  std::int64_t channels;
  std::int64_t rows;
  std::vector<std::int32_t> row_of;
  std::vector<std::vector<Real>> weights;  ///< [M][rows * L]
  std::vector<const Real*> weight_pointers;
  std::vector<Real> input;        ///< [T * E]
  std::vector<Real> grad_output;  ///< [T * E]
};

}  // namespace paramixer
