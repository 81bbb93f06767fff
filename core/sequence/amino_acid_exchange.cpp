#include "core/sequence/amino_acid_exchange.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "core/sequence/genetic_code.hpp"

namespace paramixer {
namespace {

/// The order of the tables below.
constexpr std::string_view kOrder = "ARNDCQEGHILKMFPSTWYV";

constexpr int kScores[20][20] = {
    {4, -1, -2, -2, 0, -1, -1, 0, -2, -1, -1, -1, -1, -2, -1, 1, 0, -3, -2, 0},
    {-1, 5, 0, -2, -3, 1, 0, -2, 0, -3, -2, 2, -1, -3, -2, -1, -1, -3, -2, -3},
    {-2, 0, 6, 1, -3, 0, 0, 0, 1, -3, -3, 0, -2, -3, -2, 1, 0, -4, -2, -3},
    {-2, -2, 1, 6, -3, 0, 2, -1, -1, -3, -4, -1, -3, -3, -1, 0, -1, -4, -3, -3},
    {0, -3, -3, -3, 9, -3, -4, -3, -3, -1, -1, -3, -1, -2, -3, -1, -1, -2, -2, -1},
    {-1, 1, 0, 0, -3, 5, 2, -2, 0, -3, -2, 1, 0, -3, -1, 0, -1, -2, -1, -2},
    {-1, 0, 0, 2, -4, 2, 5, -2, 0, -3, -3, 1, -2, -3, -1, 0, -1, -3, -2, -2},
    {0, -2, 0, -1, -3, -2, -2, 6, -2, -4, -4, -2, -3, -3, -2, 0, -2, -2, -3, -3},
    {-2, 0, 1, -1, -3, 0, 0, -2, 8, -3, -3, -1, -2, -1, -2, -1, -2, -2, 2, -3},
    {-1, -3, -3, -3, -1, -3, -3, -4, -3, 4, 2, -3, 1, 0, -3, -2, -1, -3, -1, 3},
    {-1, -2, -3, -4, -1, -2, -3, -4, -3, 2, 4, -2, 2, 0, -3, -2, -1, -2, -1, 1},
    {-1, 2, 0, -1, -3, 1, 1, -2, -1, -3, -2, 5, -1, -3, -1, 0, -1, -3, -2, -2},
    {-1, -1, -2, -3, -1, 0, -2, -3, -2, 1, 2, -1, 5, 0, -2, -1, -1, -1, -1, 1},
    {-2, -3, -3, -3, -2, -3, -3, -3, -1, 0, 0, -3, 0, 6, -4, -2, -2, 1, 3, -1},
    {-1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4, 7, -1, -1, -4, -3, -2},
    {1, -1, 1, 0, -1, 0, 0, 0, -1, -2, -2, 0, -1, -2, -1, 4, 1, -3, -2, -2},
    {0, -1, 0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1, 1, 5, -2, -2, 0},
    {-3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1, 1, -4, -3, -2, 11, 2, -3},
    {-2, -2, -2, -3, -2, -1, -2, -3, 2, -1, -1, -2, -1, 3, -3, -2, -2, 2, 7, -1},
    {0, -3, -3, -3, -1, -2, -2, -3, -3, 3, 1, -2, 1, -1, -2, -2, 0, -3, -1, 4},
};

/// How often each occurs in the alignments behind the scores.
constexpr double kFrequencies[20] = {.074, .052, .045, .054, .025, .034, .054, .074, .026, .068,
                                     .099, .058, .025, .047, .039, .057, .051, .013, .032, .073};

std::size_t place_of(std::size_t amino_acid) { return kOrder.find(kAminoAcids[amino_acid]); }

}  // namespace

AminoAcidExchange::AminoAcidExchange() {
  for (std::size_t from = 0; from < kCount; ++from) {
    double sum = 0.0;
    for (std::size_t to = 0; to < kCount; ++to) {
      const std::size_t b = place_of(to);
      // p(b | a) = p(b) 2^(score / 2)
      if (to != from) sum += kFrequencies[b] * std::exp2(kScores[place_of(from)][b] / 2.0);
      cumulative_[from][to] = sum;
    }
    for (double& value : cumulative_[from]) value /= sum;
  }
}

std::uint8_t AminoAcidExchange::draw(std::uint8_t amino_acid, Random& random) const {
  const auto& row = cumulative_[amino_acid];
  const auto found = std::upper_bound(row.begin(), row.end() - 1, random.uniform());
  return static_cast<std::uint8_t>(found - row.begin());
}

double AminoAcidExchange::probability(std::uint8_t from, std::uint8_t to) const {
  const auto& row = cumulative_[from];
  return to == 0 ? row[0] : row[to] - row[to - 1U];
}

}  // namespace paramixer
