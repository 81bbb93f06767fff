#include <gtest/gtest.h>
#include <string>

#include "core/base/error.hpp"
#include "io/sequence/indexed_reader.hpp"
#include "io/sequence/region_bounds.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;

void expect_region(const std::string& text, const std::string& name, std::int64_t begin,
                   std::int64_t end) {
  const Region region = parse_region(text);
  EXPECT_EQ(region.name, name) << text;
  EXPECT_EQ(region.begin, begin) << text;
  EXPECT_EQ(region.end, end) << text;
}

TEST(Region, NamesAndIntervalsAreTakenApart) {
  expect_region("chr1", "chr1", 1, 0);
  expect_region("chr1:5-10", "chr1", 5, 10);
  expect_region("chr1:7-7", "chr1", 7, 7);
  expect_region("chr1:5", "chr1", 5, 0);
  expect_region("chr1:1,000-2,500,000", "chr1", 1000, 2500000);
}

TEST(Region, ColonsWithoutIntervalBelongToTheName) {
  expect_region("HLA:A*01", "HLA:A*01", 1, 0);
  expect_region("HLA:A:3-4", "HLA:A", 3, 4);
  expect_region("chr1:", "chr1:", 1, 0);
}

TEST(Region, NonsenseIsAUsageError) {
  for (const char* text : {"", ":1-5", "chr1:0-5", "chr1:5-4", "chr1:-5", "chr1:5-", "chr1:1-2-3",
                           "chr1:,", "chr1:1-99999999999999999999"}) {
    try {
      parse_region(text);
      ADD_FAILURE() << "'" << text << "' was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_HAS(error.what(), "write NAME or NAME:BEGIN-END");
    }
  }
}

TEST(RegionBounds, AreZeroBasedAndHalfOpenAndEndWithTheSequence) {
  const RegionBounds bounds = bounds_within({"c", 3, 0}, 10, "f");
  EXPECT_EQ(bounds.begin, 2);
  EXPECT_EQ(bounds.end, 10);
  EXPECT_EQ(bounds_within({"c", 1, 0}, 0, "f").end, 0);
  for (const std::int64_t end : {10, 11, 4000}) {
    EXPECT_EQ(bounds_within({"c", 5, end}, 10, "f").begin, 4);
    EXPECT_EQ(bounds_within({"c", 5, end}, 10, "f").end, 10);
  }
  EXPECT_EQ(bounds_within({"c", 10, 11}, 10, "f").begin, 9);
}

TEST(RegionBounds, ABeginPastTheEndIsAnErrorThatNamesTheLength) {
  for (const std::int64_t end : {0, 11, 20}) {
    EXPECT_EQ(message_of([&] {
                bounds_within({"c", 11, end}, 10, "f");
              }),
              "f: record 'c': the region begins at 11, but there are 10 bases");
  }
  EXPECT_HAS(message_of([] { bounds_within({"c", 0, 5}, 10, "f"); }), "begins at 0");
  EXPECT_HAS(message_of([] { bounds_within({"c", 2, 5}, 0, "f"); }), "there are 0 bases");
}

}  // namespace
}  // namespace paramixer
