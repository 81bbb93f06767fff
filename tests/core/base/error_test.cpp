#include "core/base/error.hpp"

#include <gtest/gtest.h>

namespace paramixer {
namespace {

TEST(ErrorTest, PlainMessageIsKeptAndIsAFailure) {
  const Error error("the disk is full; free some space");
  EXPECT_STREQ(error.what(), "the disk is full; free some space");
  EXPECT_EQ(error.kind(), ErrorKind::kFailure);
}

TEST(ErrorTest, UsageErrorHasItsKind) {
  const Error error = usage_error("unknown option '--modle'");
  EXPECT_STREQ(error.what(), "unknown option '--modle'");
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
}

TEST(ErrorTest, KindIsKeptTogetherWithAPlace) {
  EXPECT_EQ(Error({"f", "", {}}, "stopped", ErrorKind::kInterrupted).kind(),
            ErrorKind::kInterrupted);
}

TEST(ErrorTest, PlaceNamesFileRecordAndPosition) {
  EXPECT_STREQ(Error({"a.fa", "r7", 12}, "bad").what(), "a.fa: record 'r7', position 12: bad");
}

TEST(ErrorTest, EmptyPartsOfThePlaceAreLeftOut) {
  EXPECT_STREQ(Error({"a.fa", "", {}}, "bad").what(), "a.fa: bad");
  EXPECT_STREQ(Error({"", "r7", {}}, "bad").what(), "record 'r7': bad");
  EXPECT_STREQ(Error({"", "r7", 1}, "bad").what(), "record 'r7', position 1: bad");
  EXPECT_STREQ(Error({"a.tsv", "", 3}, "bad").what(), "a.tsv: position 3: bad");
  EXPECT_STREQ(Error({"", "", 3}, "bad").what(), "position 3: bad");
  EXPECT_STREQ(Error(ErrorPlace{}, "bad").what(), "bad");
}

TEST(ErrorTest, IsAStandardException) {
  EXPECT_THROW(throw usage_error("bad"), std::runtime_error);
}

}  // namespace
}  // namespace paramixer
