#include "io/tracks/track_lines.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace paramixer {
namespace {

TEST(TrackLinesTest, BedHasNineColumnsWithScoreAndColour) {
  std::string text;
  append_bed9(text, {{"chr 1", 0, 10}, "Zika\tvirus", 0.98765, 0x0A141E});
  EXPECT_EQ(text, "chr_1\t0\t10\tZika_virus\t988\t.\t0\t10\t10,20,30\n");
}

TEST(TrackLinesTest, ScoresStayBetween0And1000) {
  for (const auto& [score, column] : {std::pair{-1.0, "0"}, {2.0, "1000"}}) {
    std::string text;
    append_bed9(text, {{"r", 0, 1}, "n", score, 0});
    EXPECT_NE(text.find(std::string("\tn\t") + column + "\t"), std::string::npos) << text;
  }
}

TEST(TrackLinesTest, BedgraphHoldsTheNumberItself) {
  for (const float value : {0.1F, -1.0F / 3.0F, 1e-30F, std::numeric_limits<float>::max()}) {
    std::string text;
    append_bedgraph(text, {"r", 4, 5}, value);
    ASSERT_EQ(text.substr(0, 6), "r\t4\t5\t");
    EXPECT_EQ(std::stof(text.substr(6)), value);
  }
}

TEST(TrackLinesTest, BedpeNamesBothIntervals) {
  std::string text;
  append_bedpe(text, {{"r", 4, 8}, {"r", 104, 108}, "m2+100", -0.5F});
  EXPECT_EQ(text, "r\t4\t8\tr\t104\t108\tm2+100\t-0.5\t.\t.\n");
}

}  // namespace
}  // namespace paramixer
