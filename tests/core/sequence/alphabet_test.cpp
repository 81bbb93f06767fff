#include "core/sequence/alphabet.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace paramixer {
namespace {

TEST(AlphabetTest, BasesHaveThePapersOrder) {
  EXPECT_EQ(base_code('A'), 0);
  EXPECT_EQ(base_code('G'), 1);
  EXPECT_EQ(base_code('C'), 2);
  EXPECT_EQ(base_code('T'), 3);
  for (std::size_t code = 0; code < 4; ++code) EXPECT_EQ(base_code(kBaseLetters[code]), code);
}

TEST(AlphabetTest, LowerCaseEqualsUpperCaseAndUracilEqualsThymine) {
  EXPECT_EQ(base_code('a'), kCodeA);
  EXPECT_EQ(base_code('g'), kCodeG);
  EXPECT_EQ(base_code('c'), kCodeC);
  EXPECT_EQ(base_code('t'), kCodeT);
  EXPECT_EQ(base_code('U'), kCodeT);
  EXPECT_EQ(base_code('u'), kCodeT);
}

TEST(AlphabetTest, EveryOtherByteIsAmbiguousOrInvalid) {
  const std::string_view bases = "ACGTUacgtu";
  const std::string_view ambiguous = "RYSWKMBDHVNryswkmbdhvn";
  for (int byte = 0; byte < 256; ++byte) {
    const char letter = static_cast<char>(byte);
    if (bases.find(letter) != std::string_view::npos) continue;
    const bool is_ambiguous = ambiguous.find(letter) != std::string_view::npos;
    EXPECT_EQ(base_code(letter), is_ambiguous ? kAmbiguousCode : kInvalidCode) << "byte " << byte;
  }
}

}  // namespace
}  // namespace paramixer
