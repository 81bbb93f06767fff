#include "core/simulate/motif_finder.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

TEST(MotifFinderTest, FindsAMotifAnywhere) {
  const MotifFinder finder({"GATTA"});
  EXPECT_EQ(finder.find("GATTACCC", 0), 0);
  EXPECT_EQ(finder.find("CCGATTAC", 0), 2);
  EXPECT_EQ(finder.find("CCCGATTA", 0), 3);
}

TEST(MotifFinderTest, FindsTheReverseComplement) {
  EXPECT_EQ(MotifFinder({"GATTA"}).find("CCTAATCC", 0), 2);
}

TEST(MotifFinderTest, SearchesFromTheGivenPosition) {
  const MotifFinder finder({"ACA"});
  EXPECT_EQ(finder.find("ACACA", 0), 0);
  EXPECT_EQ(finder.find("ACACA", 1), 2) << "occurrences may overlap";
  EXPECT_EQ(finder.find("ACACA", 3), std::nullopt);
  EXPECT_EQ(finder.find("ACACA", 99), std::nullopt);
}

TEST(MotifFinderTest, ReportsTheFirstOfSeveralMotifs) {
  EXPECT_EQ(MotifFinder({"CCC", "GTT"}).find("AGTTCCC", 0), 1);
}

TEST(MotifFinderTest, NothingInShortOrCleanSequences) {
  const MotifFinder finder({"AAAA"});
  EXPECT_EQ(finder.find("", 0), std::nullopt);
  EXPECT_EQ(finder.find("AAA", 0), std::nullopt) << "zero bits are no bases";
  EXPECT_EQ(finder.find("AACAACAA", 0), std::nullopt);
  EXPECT_EQ(finder.find("CAAAA", 0), 1);
}

TEST(MotifFinderTest, LongestMotifUsesEveryBit) {
  const std::string motif = "TGACTTGACATGCCATTGACGGATCCATTGAC";
  ASSERT_EQ(static_cast<std::int64_t>(motif.size()), MotifFinder::kMaxLength);
  const MotifFinder finder({motif});
  EXPECT_EQ(finder.find("AC" + motif, 0), 2);
  std::string changed = motif;
  changed.front() = 'A';
  EXPECT_EQ(finder.find("AC" + changed + "AC", 0), std::nullopt);
}

TEST(MotifFinderTest, MotifOfOneBase) {
  EXPECT_EQ(MotifFinder({"G"}).find("AATC", 0), 3) << "C on the other strand";
}

}  // namespace
}  // namespace paramixer
