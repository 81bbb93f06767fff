#include "core/base/number_range.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace paramixer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NumberRange, HoldsItsEndsUnlessTheyAreExcluded) {
  EXPECT_TRUE(kShareRange.holds(0.0));
  EXPECT_TRUE(kShareRange.holds(-0.0));
  EXPECT_TRUE(kShareRange.holds(1.0));
  EXPECT_FALSE(kShareRange.holds(std::nextafter(1.0, 2.0)));
  EXPECT_FALSE(kShareRange.holds(-std::numeric_limits<double>::denorm_min()));
  EXPECT_FALSE(kRateRange.holds(1.0));
  EXPECT_TRUE(kRateRange.holds(std::nextafter(1.0, 0.0)));
  EXPECT_FALSE((NumberRange{0.0, 1.0, RangeEnd::kExcluded}.holds(0.0)));
}

TEST(NumberRange, HoldsNeitherInfinitiesNorNan) {
  for (const NumberRange& range :
       {kShareRange, kSeedRange, kLengthRange, NumberRange{-1.0, 60.0}}) {
    EXPECT_FALSE(range.holds(std::nan("")));
    EXPECT_FALSE(range.holds(kInfinity));
    EXPECT_FALSE(range.holds(-kInfinity));
  }
}

TEST(NumberRange, ReadsAsWords) {
  EXPECT_EQ(kShareRange.text(), "from 0 to 1");
  EXPECT_EQ(kRateRange.text(), "from 0 to below 1");
  EXPECT_EQ((NumberRange{-1.0, 60.0}.text()), "from -1 to 60");
  EXPECT_EQ((NumberRange{0.0, 0.5, RangeEnd::kExcluded}.text()), "above 0 and at most 0.5");
  EXPECT_EQ((NumberRange{0.0, 1.0, RangeEnd::kExcluded, RangeEnd::kExcluded}.text()),
            "above 0 and below 1");
  EXPECT_EQ(kLengthRange.text(), "from 0 to 4294967296");
  EXPECT_EQ(kSeedRange.text(), "from 0 to 9223372036854775807");
}

}  // namespace
}  // namespace paramixer
