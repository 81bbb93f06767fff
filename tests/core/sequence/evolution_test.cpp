#include "core/sequence/evolution.hpp"

#include <gtest/gtest.h>

#include "core/sequence/amino_acid_exchange.hpp"
#include "core/sequence/genetic_code.hpp"
#include "core/sequence/strand.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {
namespace {

std::uint8_t amino_acid(char letter) { return static_cast<std::uint8_t>(kAminoAcids.find(letter)); }

/// Codons without a stop.
std::string coding(int codons, std::uint64_t seed) {
  Random random(seed);
  std::string bases;
  while (static_cast<int>(bases.size()) < 3 * codons) {
    std::string codon;
    for (int i = 0; i < 3; ++i) codon += "ACGT"[random.below(4)];
    if (codon != "TAA" && codon != "TAG" && codon != "TGA") bases += codon;
  }
  return bases;
}

std::vector<std::int32_t> amino_acids(const std::string& bases) {
  const auto all = Tokenizer({TokenKind::kPeptide, 1, ""}).encode(bases);
  std::vector<std::int32_t> in_frame;
  for (std::size_t i = 0; i < all.size(); i += 3) in_frame.push_back(all[i]);
  return in_frame;
}

TEST(AminoAcidExchange, prefers_similar_amino_acids_and_never_the_same) {
  const AminoAcidExchange exchange;
  EXPECT_GT(exchange.probability(amino_acid('I'), amino_acid('V')), 0.2);
  EXPECT_GT(exchange.probability(amino_acid('K'), amino_acid('R')),
            5 * exchange.probability(amino_acid('K'), amino_acid('W')));
  Random random(1);
  for (std::uint8_t from = 0; from < 20; ++from) {
    double sum = 0.0;
    for (std::uint8_t to = 0; to < 20; ++to) sum += exchange.probability(from, to);
    EXPECT_NEAR(sum, 1.0, 1e-12);
    EXPECT_EQ(exchange.probability(from, from), 0.0);
    for (int i = 0; i < 200; ++i) {
      const std::uint8_t to = exchange.draw(from, random);
      ASSERT_NE(to, from);
      ASSERT_LT(to, 20);
    }
  }
}

TEST(Evolution, the_longest_open_stretch_lies_between_stops) {
  EXPECT_EQ(longest_open_stretch(""), (Window{0, 0}));
  EXPECT_EQ(longest_open_stretch("AC"), (Window{0, 0}));
  EXPECT_EQ(longest_open_stretch("ACG"), (Window{0, 3}));
  // Frame 1 holds TAA at 7; frames 0 and 2 are open for 12 bases.
  EXPECT_EQ(longest_open_stretch("CCCCCCCTAACCCC"), (Window{0, 12}));
  EXPECT_EQ(longest_open_stretch("TAACTAGCTGAACG"), (Window{3, 9}));  // CTAGCTGAA
  EXPECT_EQ(longest_open_stretch("NNNTANNNN"), (Window{0, 9}));
}

TEST(Evolution, divergence_zero_changes_nothing) {
  Random random(2);
  const std::string bases = coding(100, 3) + "TAANNRY";
  EXPECT_EQ(evolved(bases, 0.0, random), bases);
  EXPECT_EQ(evolved("", 0.5, random), "");
  EXPECT_EQ(evolved("NNNN", 1.0, random), "NNNN");
}

TEST(Evolution, the_chosen_share_of_amino_acids_changes) {
  // No reading frame of the other strand or of another frame is as long.
  const std::string bases = coding(2000, 4);
  const auto before = amino_acids(bases);
  Random random(5);
  int compared = 0;
  int changed = 0;
  for (int i = 0; i < 30; ++i) {
    const std::string relative = evolved(bases.substr(0, 90), 0.4, random);
    const auto after = amino_acids(relative);
    if (after.size() != 30) continue;  // Codons were lost or inserted.
    for (std::size_t a = 0; a < after.size(); ++a, ++compared) changed += after[a] != before[a];
  }
  EXPECT_NEAR(static_cast<double>(changed) / compared, 0.4, 0.08);
}

TEST(Evolution, genes_on_the_other_strand_keep_their_frame) {
  const std::string gene = coding(300, 6);
  const std::string reversed = reverse_complement(gene);
  Random random(7);
  const std::string relative = reverse_complement(evolved(reversed, 0.3, random));
  const auto stops = amino_acids(relative.substr(0, relative.size() / 3 * 3));
  EXPECT_EQ(std::count(stops.begin(), stops.end(), 20), 0);
}

TEST(Evolution, the_same_seed_gives_the_same_relative) {
  const std::string bases = coding(50, 8);
  Random first(9);
  Random second(9);
  EXPECT_EQ(evolved(bases, 0.5, first), evolved(bases, 0.5, second));
}

}  // namespace
}  // namespace paramixer
