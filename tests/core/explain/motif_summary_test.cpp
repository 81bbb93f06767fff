#include "core/explain/motif_summary.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

MotifSettings small_settings() { return {.length = 3, .top = 3, .peaks = 2, .positions = 2}; }

TEST(MotifSummaryTest, AddsUpTheContributionsOfEveryOccurrence) {
  MotifSummary summary(small_settings());
  summary.add("AAACCC", std::vector<float>{1, 1, 1, 0, 0, 0});
  summary.add("ttAAAt", std::vector<float>{0, 0, 2, 2, 2, 0});
  const auto kmers = summary.kmers();
  ASSERT_FALSE(kmers.empty());
  EXPECT_EQ(kmers[0].kmer, "AAA");
  EXPECT_EQ(kmers[0].count, 2);
  EXPECT_NEAR(kmers[0].total, 9.0, 1e-9);
  ASSERT_EQ(kmers[0].places.size(), 2U);
  EXPECT_EQ(kmers[0].places[1].record, 1U);
  EXPECT_EQ(kmers[0].places[1].position, 2);
  EXPECT_EQ(summary.records(), 2U);
}

TEST(MotifSummaryTest, FormsPairsOfTheStrongestPlacesThatDoNotOverlap) {
  MotifSummary summary(small_settings());
  summary.add("AAATTTTTCGC", std::vector<float>{5, 5, 5, 0, 0, 0, 0, 0, -3, -3, -3});
  summary.add("AAATTTTTTTCGC", std::vector<float>{5, 5, 5, 0, 0, 0, 0, 0, 0, 0, -3, -3, -3});
  const auto pairs = summary.pairs();
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].first, "AAA");
  EXPECT_EQ(pairs[0].second, "CGC");
  EXPECT_EQ(pairs[0].count, 2);
  EXPECT_NEAR(pairs[0].total, 12.0, 1e-9);
  EXPECT_EQ(pairs[0].least_distance, 8);
  EXPECT_EQ(pairs[0].greatest_distance, 10);
  ASSERT_EQ(pairs[0].places.size(), 2U);
  EXPECT_EQ(pairs[0].places[1].record, 1U);
  EXPECT_EQ(pairs[0].places[1].position, 0);
  EXPECT_EQ(pairs[0].places[1].partner, 10);
}

TEST(MotifSummaryTest, AmbiguousKmersAreLeftOutAndShortRecordsGiveNothing) {
  MotifSummary summary(small_settings());
  summary.add("AANCC", std::vector<float>(5, 1.0F));
  summary.add("AC", std::vector<float>(2, 1.0F));
  summary.add("", {});
  EXPECT_TRUE(summary.kmers().empty());
  EXPECT_TRUE(summary.pairs().empty());
  EXPECT_EQ(summary.records(), 3U);
}

TEST(MotifSummaryTest, LettersAreUpperCaseWithTForU) {
  MotifSummary summary(small_settings());
  summary.add("uuU", std::vector<float>(3, 1.0F));
  EXPECT_EQ(summary.kmers().at(0).kmer, "TTT");
}

TEST(MotifSummaryTest, WrongSizesAndSettingsAreRefused) {
  MotifSummary summary(small_settings());
  EXPECT_THROW(summary.add("ACGT", std::vector<float>(3)), Error);
  EXPECT_THROW(MotifSummary({.length = 1}), Error);
  EXPECT_THROW(MotifSummary({.top = 0}), Error);
}

}  // namespace
}  // namespace paramixer
