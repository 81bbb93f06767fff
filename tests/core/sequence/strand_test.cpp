#include "core/sequence/strand.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

TEST(StrandTest, ReversesAndComplements) {
  EXPECT_EQ(reverse_complement("AACGT"), "ACGTT");
  EXPECT_EQ(reverse_complement("GATTACA"), "TGTAATC");
}

TEST(StrandTest, EmptyAndSingleBase) {
  EXPECT_EQ(reverse_complement(""), "");
  EXPECT_EQ(reverse_complement("G"), "C");
}

TEST(StrandTest, IupacCodesMapToTheirComplements) {
  EXPECT_EQ(reverse_complement("RYKMBVDHSWN"), "NWSDHBVKMRY");
}

TEST(StrandTest, CaseIsKept) { EXPECT_EQ(reverse_complement("acGTrYn"), "nRyACgt"); }

TEST(StrandTest, UracilBecomesAdenine) { EXPECT_EQ(reverse_complement("UuA"), "TaA"); }

TEST(StrandTest, OtherCharactersAreCopied) {
  EXPECT_EQ(reverse_complement("A-*J\xff"), "\xffJ*-T");
}

TEST(StrandTest, TwiceIsTheIdentityForEveryDnaLetter) {
  const std::string letters = "ACGTRYSWKMBDHVNacgtryswkmbdhvn-*";
  EXPECT_EQ(reverse_complement(reverse_complement(letters)), letters);
}

TEST(StrandTest, TheCanonicalStrandIsTheFirstByItsCodes) {
  EXPECT_FALSE(other_strand_is_canonical(""));
  EXPECT_FALSE(other_strand_is_canonical("A"));
  EXPECT_TRUE(other_strand_is_canonical("T"));
  EXPECT_TRUE(other_strand_is_canonical("C"));    // G comes before C in the order AGCT.
  EXPECT_TRUE(other_strand_is_canonical("TTG"));  // CAA
  EXPECT_FALSE(other_strand_is_canonical("caa"));
  EXPECT_FALSE(other_strand_is_canonical("ACGT"));  // Its own reverse complement.
  EXPECT_TRUE(other_strand_is_canonical("UUG"));
  EXPECT_TRUE(other_strand_is_canonical("NTTGR"));
  EXPECT_FALSE(other_strand_is_canonical("YCAAN"));
}

}  // namespace
}  // namespace paramixer
