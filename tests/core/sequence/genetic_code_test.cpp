#include "core/sequence/genetic_code.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string_view>

#include "core/sequence/alphabet.hpp"

namespace paramixer {
namespace {

char translate(std::string_view codon) {
  const int number = 16 * base_code(codon[0]) + 4 * base_code(codon[1]) + base_code(codon[2]);
  return kAminoAcids[kCodonAminoAcids[static_cast<std::size_t>(number)]];
}

TEST(GeneticCodeTest, AminoAcidsAreInAlphabeticalOrderWithStopLast) {
  ASSERT_EQ(kAminoAcids.size(), 21U);
  EXPECT_TRUE(std::is_sorted(kAminoAcids.begin(), kAminoAcids.end() - 1));
  EXPECT_EQ(kAminoAcids.back(), '*');
}

TEST(GeneticCodeTest, WellKnownCodonsTranslate) {
  EXPECT_EQ(translate("ATG"), 'M');
  EXPECT_EQ(translate("TGG"), 'W');
  EXPECT_EQ(translate("TAA"), '*');
  EXPECT_EQ(translate("TAG"), '*');
  EXPECT_EQ(translate("TGA"), '*');
  EXPECT_EQ(translate("TGC"), 'C');
  EXPECT_EQ(translate("ATA"), 'I');
  EXPECT_EQ(translate("AAA"), 'K');
  EXPECT_EQ(translate("GCT"), 'A');
  EXPECT_EQ(translate("CGT"), 'R');
  EXPECT_EQ(translate("AGC"), 'S');
  EXPECT_EQ(translate("CAT"), 'H');
  EXPECT_EQ(translate("GTC"), 'V');
}

TEST(GeneticCodeTest, EveryAminoAcidHasItsNumberOfCodons) {
  // Alphabetical: A C D E F G H I K L M N P Q R S T V W Y *
  const std::array<int, 21> expected{4, 2, 2, 2, 2, 4, 2, 3, 2, 6, 1, 2, 4, 2, 6, 6, 4, 4, 1, 2, 3};
  std::array<int, 21> counts{};
  for (const std::uint8_t amino_acid : kCodonAminoAcids) ++counts.at(amino_acid);
  EXPECT_EQ(counts, expected);
}

}  // namespace
}  // namespace paramixer
