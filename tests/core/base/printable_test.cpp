#include "core/base/printable.hpp"

#include <gtest/gtest.h>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

using namespace std::string_literals;

TEST(Printable, OrdinaryTextStaysAsItIs) {
  for (const std::string text :
       {"", "reads.fq: record 'r 1'", "Bäckerei – 日本 🧬", "a\\b", "µ"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ControlCharactersBecomeVisible) {
  EXPECT_EQ(printable("a\0b"s), "a\\x00b");
  EXPECT_EQ(printable("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(printable("\x1b[2J\x07\x7f"), "\\x1b[2J\\x07\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "an escape sequence of one character";
  EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");
}

TEST(Printable, BytesThatAreNotUtf8BecomeVisible) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("caf\xe9!"), "caf\\xe9!");
  EXPECT_EQ(printable("\x9b[2J"), "\\x9b[2J");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above the last character";
  EXPECT_EQ(printable("\xe6\x97"), "\\xe6\\x97") << "cut off";
}

TEST(Printable, EveryByteAndPairGivesOneLineThatASecondPassLeavesAlone) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string once =
          printable(std::string{static_cast<char>(first), static_cast<char>(second)});
      EXPECT_EQ(printable(once), once);
    }
  }
}

TEST(ErrorText, IsOneLineWithEveryByteOfTheNamesInIt) {
  const Error error({.file = "a\nb", .record = "r\0x"s}, "\x1b[31m is red");
  EXPECT_STREQ(error.what(), "a\\nb: record 'r\\x00x': \\x1b[31m is red");
  EXPECT_STREQ(Error("a\0b"s).what(), "a\\x00b");
}

}  // namespace
}  // namespace paramixer
