#include "core/links/link_pattern.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

TEST(LinkPatternTest, ChordHasZeroAndPowersOfTwoInEveryFactor) {
  const LinkPattern pattern(Protocol::kChord, 4);
  EXPECT_EQ(pattern.links(), 5);
  for (std::int64_t m = 0; m < 4; ++m) {
    EXPECT_EQ(pattern.offset(m, 0), 0);
    for (std::int64_t k = 0; k < 4; ++k) EXPECT_EQ(pattern.offset(m, k + 1), 1 << k);
  }
}

TEST(LinkPatternTest, DilatedGoesFourStepsEachWayInTheDocumentedOrder) {
  const LinkPattern pattern(Protocol::kDilated, 3);
  const std::vector<std::int64_t> expected{0,  1,  2,  3,  4, -1, -2, -3, -4, 0,  2,  4,   6,  8,
                                           -2, -4, -6, -8, 0, 4,  8,  12, 16, -4, -8, -12, -16};
  EXPECT_EQ(pattern.offsets(), expected);
}

TEST(LinkPatternTest, NoFactorsIsABagOfTokens) {
  EXPECT_EQ(LinkPattern(Protocol::kChord, 0).factors(), 0);
  EXPECT_TRUE(LinkPattern(Protocol::kDilated, 0).offsets().empty());
}

TEST(LinkPatternTest, APartHasTheOffsetsOfItsFactorsInTheWhole) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    const LinkPattern whole(protocol, 5);
    const LinkPattern part = whole.part(2, 3);
    EXPECT_EQ(part.factors(), 3);
    ASSERT_EQ(part.links(), whole.links());
    for (std::int64_t m = 0; m < 3; ++m) {
      for (std::int64_t k = 0; k < part.links(); ++k) {
        EXPECT_EQ(part.offset(m, k), whole.offset(2 + m, k));
      }
    }
    EXPECT_EQ(whole.part(5, 0).factors(), 0);
    EXPECT_EQ(whole.part(0, 5).offsets(), whole.offsets());
    EXPECT_THROW(whole.part(3, 3), Error);
    EXPECT_THROW(whole.part(-1, 2), Error);
    EXPECT_THROW(whole.part(2, -1), Error);
  }
}

TEST(LinkPatternTest, RejectsFactorsWhoseOffsetsOverflow) {
  EXPECT_THROW(LinkPattern(Protocol::kChord, -1), Error);
  EXPECT_THROW(LinkPattern(Protocol::kChord, 63), Error);
  EXPECT_THROW(LinkPattern(Protocol::kDilated, 61), Error);
  EXPECT_GT(LinkPattern(Protocol::kDilated, 60).offset(59, 4), 0);
}

TEST(LinkPatternTest, LogarithmsRoundAsNamed) {
  const std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> rows{
      {0, 0, 0}, {1, 0, 0}, {2, 1, 1}, {3, 2, 1}, {4, 2, 2}, {1999, 11, 10}, {16384, 14, 14}};
  for (const auto& [n, ceiling, floor] : rows) {
    EXPECT_EQ(ceil_log2(n), ceiling) << n;
    EXPECT_EQ(floor_log2(n), floor) << n;
  }
}

TEST(LinkTargetTest, RingWrapsBothWaysAndMoreThanOnce) {
  EXPECT_EQ(link_target(3, 4, 5, Boundary::kRing), 2);
  EXPECT_EQ(link_target(1, -3, 5, Boundary::kRing), 3);
  EXPECT_EQ(link_target(0, 17, 5, Boundary::kRing), 2);
  EXPECT_EQ(link_target(0, -17, 5, Boundary::kRing), 3);
  EXPECT_EQ(link_target(0, 1024, 1, Boundary::kRing), 0);
}

TEST(LinkTargetTest, LinearDropsWhatLeavesTheSequence) {
  EXPECT_EQ(link_target(3, 1, 5, Boundary::kLinear), 4);
  EXPECT_EQ(link_target(3, 2, 5, Boundary::kLinear), -1);
  EXPECT_EQ(link_target(0, -1, 5, Boundary::kLinear), -1);
}

TEST(LinkPatternTest, NamesRoundTripAndUnknownOnesAreUsageErrors) {
  EXPECT_EQ(value_named<Protocol>(name_of(Protocol::kDilated)), Protocol::kDilated);
  EXPECT_EQ(value_named<Boundary>(name_of(Boundary::kLinear)), Boundary::kLinear);
  try {
    value_named<Protocol>("cord");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_STREQ(error.what(), "unknown protocol 'cord'; expected one of: chord, dilated");
  }
}

}  // namespace
}  // namespace paramixer
