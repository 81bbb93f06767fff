#include "core/simulate/dissimilar_motifs.hpp"

#include <gtest/gtest.h>
#include <set>

#include "core/base/error.hpp"
#include "core/sequence/strand.hpp"

namespace paramixer {
namespace {

TEST(DissimilarMotifsTest, HammingDistanceCountsDifferences) {
  EXPECT_EQ(hamming_distance("", ""), 0);
  EXPECT_EQ(hamming_distance("ACGT", "ACGT"), 0);
  EXPECT_EQ(hamming_distance("ACGT", "TCGA"), 2);
}

TEST(DissimilarMotifsTest, LeastDistanceIsSixtyPercentRoundedUp) {
  EXPECT_EQ(least_motif_distance(8), 5);
  EXPECT_EQ(least_motif_distance(10), 6);
  EXPECT_EQ(least_motif_distance(11), 7);
}

TEST(DissimilarMotifsTest, MotifsDifferFromEachOtherOnBothStrands) {
  for (const std::int64_t length : {8, 10, 15, 32}) {
    Random random(1);
    const auto motifs = draw_dissimilar_motifs(8, length, random);
    ASSERT_EQ(motifs.size(), 8U);
    const std::int64_t least = least_motif_distance(length);
    for (std::size_t i = 0; i < motifs.size(); ++i) {
      EXPECT_EQ(motifs[i].size(), static_cast<std::size_t>(length));
      EXPECT_EQ(motifs[i].find_first_not_of("ACGT"), std::string::npos);
      for (std::size_t j = 0; j < motifs.size(); ++j) {
        EXPECT_GE(hamming_distance(motifs[i], reverse_complement(motifs[j])), least);
        EXPECT_TRUE(i == j || hamming_distance(motifs[i], motifs[j]) >= least);
      }
    }
  }
}

TEST(DissimilarMotifsTest, NoMotifIsOfLowComplexity) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    for (const std::string& motif : draw_dissimilar_motifs(4, 10, random)) {
      std::set<std::string> pairs;
      for (std::size_t i = 0; i + 1 < motif.size(); ++i) pairs.insert(motif.substr(i, 2));
      EXPECT_GE(pairs.size(), 7U) << motif;
      EXPECT_GE(std::set<char>(motif.begin(), motif.end()).size(), 3U) << motif;
      EXPECT_EQ(motif.find("AAAAA"), std::string::npos) << motif;
    }
  }
}

TEST(DissimilarMotifsTest, RandomStateDecidesTheMotifs) {
  Random first(1);
  Random again(1);
  Random other(2);
  const auto motifs = draw_dissimilar_motifs(4, 10, first);
  EXPECT_EQ(motifs, draw_dissimilar_motifs(4, 10, again));
  EXPECT_NE(motifs, draw_dissimilar_motifs(4, 10, other));
}

TEST(DissimilarMotifsTest, TooManyMotifsAreAUsageError) {
  Random random(1);
  try {
    draw_dissimilar_motifs(100, 8, random);
    ADD_FAILURE() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("100 dissimilar motifs of 8"), std::string::npos);
  }
}

}  // namespace
}  // namespace paramixer
