#include "mix_cases.hpp"

#include "core/base/random.hpp"

namespace paramixer {

const std::vector<MixCase>& mix_cases() {
  constexpr auto kChord = Protocol::kChord;
  constexpr auto kDilated = Protocol::kDilated;
  constexpr auto kRing = Boundary::kRing;
  constexpr auto kLinear = Boundary::kLinear;
  static const std::vector<MixCase> kCases{
      {"chord_ring_folded", kChord, kRing, 6, {64, 64, 64}, 32, 9},
      {"chord_ring_dense", kChord, kRing, 6, {64, 64}, 32, 0},
      {"chord_linear_folded", kChord, kLinear, 6, {64, 50}, 32, 9},
      {"chord_linear_dense", kChord, kLinear, 7, {100}, 16, 0},
      {"chord_odd_length", kChord, kRing, 7, {99, 1, 2, 3}, 24, 5},
      {"chord_not_a_power_of_two", kChord, kRing, 8, {200, 131}, 20, 0},
      {"chord_shorter_than_reach", kChord, kRing, 9, {5, 17, 40}, 8, 7},
      {"chord_linear_shorter_than_reach", kChord, kLinear, 9, {1, 5, 17}, 8, 7},
      {"chord_thirteen_links", kChord, kRing, 12, {300, 257}, 32, 65},
      {"chord_seventeen_links", kChord, kRing, 16, {40}, 40, 17},
      {"chord_one_factor", kChord, kRing, 1, {10, 11}, 32, 4},
      {"dilated_ring_folded", kDilated, kRing, 6, {64, 64}, 32, 9},
      {"dilated_ring_dense", kDilated, kRing, 7, {80, 33}, 32, 0},
      {"dilated_wraps_onto_itself", kDilated, kRing, 8, {20, 7, 1}, 16, 5},
      {"dilated_linear", kDilated, kLinear, 6, {64, 9, 2}, 32, 9},
      {"one_position", kDilated, kRing, 3, {1}, 32, 2},
      {"one_channel", kChord, kRing, 4, {16, 15}, 1, 3},
      {"odd_channels", kDilated, kLinear, 4, {21}, 13, 0},
      {"wide", kChord, kRing, 5, {33, 31}, 96, 6},
      {"published_shape", kChord, kRing, 8, {256}, 32, 6},
      {"empty_sequence_among_others", kChord, kRing, 3, {8, 0, 5}, 8, 3},
      {"no_factors", kChord, kRing, 0, {12, 3}, 8, 3},
  };
  return kCases;
}

const std::vector<MixCase>& full_size_mix_cases() {
  constexpr auto kChord = Protocol::kChord;
  constexpr auto kRing = Boundary::kRing;
  static const std::vector<MixCase> kCases{
      {"genome_folded", kChord, kRing, 14, {16384, 16384}, 32, 6},
      {"genome_by_position", kChord, kRing, 14, {16384, 16384}, 32, 0},
      {"kmers", kChord, kRing, 12, {2500, 1700, 2048, 900, 2047, 2500}, 32, 4097},
      {"dilated_kmers", Protocol::kDilated, kRing, 11, {8192, 8001}, 32, 257},
  };
  return kCases;
}

template <typename Real>
MixCaseData<Real>::MixCaseData(const MixCase& mix_case, std::uint64_t seed)
    : pattern(mix_case.protocol, mix_case.factors),
      boundary(mix_case.boundary),
      starts{0},
      channels(mix_case.channels) {
  for (const std::int64_t length : mix_case.lengths) starts.push_back(starts.back() + length);
  Random random(seed);
  const auto normals = [&random](std::int64_t count, double scale) {
    std::vector<Real> values(static_cast<std::size_t>(count));
    for (Real& value : values) value = static_cast<Real>(scale * random.normal());
    return values;
  };
  rows = mix_case.vocabulary > 0 ? mix_case.vocabulary : starts.back();
  if (mix_case.vocabulary > 0) {
    for (std::int64_t t = 0; t < starts.back(); ++t) {
      row_of.push_back(static_cast<std::int32_t>(random.below(mix_case.vocabulary)));
    }
  }
  for (std::int64_t m = 0; m < pattern.factors(); ++m) {
    weights.push_back(normals(rows * pattern.links(), 0.3));
    weight_pointers.push_back(weights.back().data());
  }
  input = normals(starts.back() * channels, 1.0);
  grad_output = normals(starts.back() * channels, 1.0);
}

template <typename Real>
MixProblem<Real> MixCaseData<Real>::problem() const {
  return {&pattern, boundary, starts, channels, {weight_pointers, rows, row_of}};
}

template struct MixCaseData<float>;
template struct MixCaseData<double>;

}  // namespace paramixer
