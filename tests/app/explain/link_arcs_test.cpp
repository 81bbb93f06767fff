#include "app/services/explain/link_arcs.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

/// "first-second " of every arc, "first~second " of a part.
std::string arcs_text(const Link& link, const RingEnds& ring) {
  std::string text;
  for (const LinkArc& arc : arcs_of(link, ring)) {
    text +=
        std::to_string(arc.first) + (arc.is_part ? "~" : "-") + std::to_string(arc.second) + " ";
  }
  return text;
}

/// A ring of 100 positions, the bases 50 to 149.
constexpr RingEnds kRing{50, 149};

TEST(LinkArcs, ALinkWithinTheRingIsOneArc) {
  const Link link{.factor = 2, .source = 60, .target = 64, .offset = 4, .weight = 0.5F};
  const auto arcs = arcs_of(link, kRing);
  ASSERT_EQ(arcs.size(), 1U);
  EXPECT_EQ(arcs[0].name, "m3+4");
  EXPECT_EQ(arcs[0].weight, 0.5F);
  EXPECT_EQ(arcs_text(link, kRing), "60-64 ");
}

TEST(LinkArcs, ALinkAroundTheSeamIsTwoShortOnes) {
  const Link right{.source = 147, .target = 51, .offset = 4, .crosses_seam = true};
  EXPECT_EQ(arcs_text(right, kRing), "147~149 50~51 ");
  EXPECT_EQ(arcs_of(right, kRing)[1].name, "m1+4:seam");
  const Link left{.source = 51, .target = 147, .offset = -4, .crosses_seam = true};
  EXPECT_EQ(arcs_text(left, kRing), "51~50 149~147 ");
}

TEST(LinkArcs, OfTheReverseStrandTheDirectionIsThatOfTheBases) {
  const Link link{.source = 51, .target = 147, .offset = 4, .crosses_seam = true};
  EXPECT_EQ(arcs_text(link, kRing), "51~50 149~147 ");
}

// Records shorter than the largest offset: an offset of a whole turn and 3 bases is one of 3 bases.
TEST(LinkArcs, WholeTurnsAreNotDrawnAcrossTheRing) {
  EXPECT_EQ(arcs_text({.source = 60, .target = 63, .offset = 103, .crosses_seam = true}, kRing),
            "60-63 ");
  EXPECT_EQ(arcs_text({.source = 60, .target = 57, .offset = -203, .crosses_seam = true}, kRing),
            "60-57 ");
  EXPECT_EQ(arcs_text({.source = 60, .target = 60, .offset = 100, .crosses_seam = true}, kRing),
            "60-60 ");
  EXPECT_EQ(arcs_text({.source = 148, .target = 51, .offset = 103, .crosses_seam = true}, kRing),
            "148~149 50~51 ");
}

TEST(LinkArcs, PaddingMakesTheRingLonger) {
  RingEnds ring = kRing;
  ring.positions = 128;
  EXPECT_EQ(arcs_text({.source = 60, .target = 63, .offset = 131, .crosses_seam = true}, ring),
            "60-63 ");
  // 103 bases to the right, over 28 positions of padding.
  EXPECT_EQ(arcs_text({.source = 90, .target = 65, .offset = 103, .crosses_seam = true}, ring),
            "90~149 50~65 ");
}

TEST(LinkArcs, FlagsNameWhatElseIsToBeSaid) {
  EXPECT_EQ(link_flags({}), ".");
  EXPECT_EQ(link_flags({.merged = 2, .crosses_seam = true, .touches_padding = true}),
            "merged=2,seam,padding");
}

}  // namespace
}  // namespace paramixer
