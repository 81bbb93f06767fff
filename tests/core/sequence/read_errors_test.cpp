#include "core/sequence/read_errors.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::size_t kLength = 100000;

double differing_share(const std::string& a, const std::string& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
  return static_cast<double>(count) / static_cast<double>(a.size());
}

TEST(ReadErrorsTest, NoErrorsCopyTheSequence) {
  Random random(1);
  EXPECT_EQ(with_read_errors("ACGTNacgtr", {}, random), "ACGTNacgtr");
  EXPECT_EQ(with_read_errors("", {}, random), "");
}

TEST(ReadErrorsTest, SubstitutionsKeepTheLengthAndFollowTheRate) {
  Random random(2);
  const std::string sequence(kLength, 'G');
  const std::string read = with_read_errors(sequence, {0.05, 0.0, 0.0}, random);
  ASSERT_EQ(read.size(), sequence.size());
  EXPECT_NEAR(differing_share(sequence, read), 0.05, 0.004);
  EXPECT_EQ(read.find_first_not_of("ACGT"), std::string::npos);
}

TEST(ReadErrorsTest, InsertionsLengthenTheRead) {
  Random random(3);
  const std::string read = with_read_errors(std::string(kLength, 'N'), {0.0, 0.02, 0.0}, random);
  const auto inserted = static_cast<double>(read.size() - kLength);
  EXPECT_NEAR(inserted / kLength, 0.02, 0.003);
  EXPECT_EQ(read.front(), 'N') << "an insertion follows a base";
  EXPECT_EQ(static_cast<std::size_t>(std::count(read.begin(), read.end(), 'N')), kLength);
}

TEST(ReadErrorsTest, DeletionsShortenTheRead) {
  Random random(4);
  const std::string read = with_read_errors(std::string(kLength, 'A'), {0.0, 0.0, 0.1}, random);
  EXPECT_NEAR(static_cast<double>(read.size()) / kLength, 0.9, 0.005);
  EXPECT_EQ(read.find_first_not_of('A'), std::string::npos);
}

TEST(ReadErrorsTest, AmbiguousLettersAreNeverSubstituted) {
  Random random(5);
  EXPECT_EQ(with_read_errors("NNRYNN", {0.99, 0.0, 0.0}, random), "NNRYNN");
}

TEST(ReadErrorsTest, NeverEmptiesASequence) {
  Random random(6);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(with_read_errors("C", {0.0, 0.0, 0.99}, random), "C");
    EXPECT_GE(with_read_errors("CG", {0.5, 0.0, 0.99}, random).size(), 1U);
  }
  EXPECT_EQ(with_read_errors("", {0.5, 0.9, 0.5}, random), "");
}

TEST(ReadErrorsTest, SameSeedSameRead) {
  const std::string sequence(200, 'T');
  const ReadErrorRates rates{0.1, 0.1, 0.1};
  Random first(7);
  Random again(7);
  Random other(8);
  const std::string read = with_read_errors(sequence, rates, first);
  EXPECT_EQ(read, with_read_errors(sequence, rates, again));
  EXPECT_NE(read, with_read_errors(sequence, rates, other));
}

TEST(ReadErrorsTest, RatesOutOfRangeAreUsageErrors) {
  Random random(9);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const ReadErrorRates& rates : {ReadErrorRates{-0.1, 0.0, 0.0}, ReadErrorRates{0.0, 1.0, 0.0},
                                      ReadErrorRates{0.0, 0.0, nan}}) {
    try {
      with_read_errors("ACGT", rates, random);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_NE(std::string(error.what()).find("rate"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace paramixer
