#include "core/sequence/evidence.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

TEST(EvidenceTest, CountsUnknownBasesAndKnownTokens) {
  struct Case {
    const char* bases;
    std::int64_t span;
    std::int64_t unknown;
    std::int64_t tokens;
  };
  for (const Case& row : {Case{"", 1, 0, 0},
                          {"ACGTU", 1, 0, 5},
                          {"acgtu", 1, 0, 5},
                          {"NNNN", 1, 4, 0},
                          {"nnnn", 1, 4, 0},
                          {"RYSWKMBDHVN", 1, 11, 0},
                          {"rykmA", 1, 4, 1},
                          {"ACGT", 4, 0, 1},
                          {"ACGT", 5, 0, 0},
                          {"ACGTACGT", 4, 0, 5},
                          {"ACGNACGT", 4, 1, 1},
                          {"ACGNACG", 4, 1, 0},
                          {"NNACGTNN", 3, 4, 2},
                          {"A-C*", 1, 2, 2}}) {
    const Evidence evidence = evidence_in(row.bases, row.span);
    EXPECT_EQ(evidence.bases, std::ssize(std::string(row.bases))) << row.bases;
    EXPECT_EQ(evidence.unknown_bases, row.unknown) << row.bases;
    EXPECT_EQ(evidence.known_tokens, row.tokens) << row.bases;
  }
}

TEST(EvidenceTest, BasesThatNoKnownTokenCoversAreLost) {
  const auto lost = [](const char* bases, std::int64_t span) {
    return evidence_in(bases, span).lost_bases;
  };
  EXPECT_EQ(lost("", 4), 0);
  EXPECT_EQ(lost("ACGNACG", 1), 1);
  EXPECT_EQ(lost("ACGNACG", 3), 1);
  EXPECT_EQ(lost("ACGNACG", 4), 7);
  EXPECT_EQ(lost("ACGNACGTANAC", 4), 7) << "five bases are in known tokens";
  EXPECT_EQ(lost("ACG", 4), 3);
}

TEST(EvidenceTest, ScatteredUnknownBasesLeaveNoEvidence) {
  std::string bases(3000, 'A');
  for (std::size_t i = 0; i < bases.size(); i += 6) bases[i] = 'N';
  EXPECT_FALSE(evidence_in(bases, 6).suffices(1.0)) << "no token is known";
  EXPECT_TRUE(evidence_in(bases, 5).suffices(0.5));
  bases[600] = 'A';
  EXPECT_FALSE(evidence_in(bases, 6).suffices(0.5)) << "a handful of tokens is known";
  EXPECT_EQ(describe_no_evidence(evidence_in(bases, 6), 6),
            "no evidence: 499 of 3000 bases unknown, only 11 in runs of 6 or more known bases");
}

TEST(EvidenceTest, AtMostTheLimitMayBeUnknownAndATokenMustBeKnown) {
  const auto suffices = [](std::int64_t unknown, std::int64_t known, double limit) {
    return evidence_in(std::string(static_cast<std::size_t>(unknown), 'N') +
                           std::string(static_cast<std::size_t>(known), 'A'),
                       1)
        .suffices(limit);
  };
  EXPECT_TRUE(suffices(49, 51, 0.5));
  EXPECT_TRUE(suffices(50, 50, 0.5));
  EXPECT_FALSE(suffices(51, 49, 0.5));
  EXPECT_TRUE(suffices(29, 71, 0.29)) << "0.29 * 100 is a little less than 29";
  EXPECT_TRUE(suffices(99, 1, 1.0));
  EXPECT_FALSE(suffices(100, 0, 1.0));
  EXPECT_TRUE(suffices(0, 10, 0.0));
  EXPECT_FALSE(suffices(1, 10, 0.0));
  EXPECT_FALSE(suffices(0, 0, 1.0));
  EXPECT_FALSE(evidence_in("ACGNACG", 4).suffices(1.0)) << "no token is known";
}

TEST(EvidenceTest, ReasonsGiveTheNumbers) {
  EXPECT_EQ(describe_no_evidence(evidence_in("NNNN", 2), 2), "no evidence: 4 of 4 bases unknown");
  EXPECT_EQ(describe_no_evidence(evidence_in("NNNACG", 2), 2), "no evidence: 3 of 6 bases unknown");
  EXPECT_EQ(describe_no_evidence(evidence_in("ACGNACG", 4), 4),
            "no evidence: 1 of 7 bases unknown, no 4 in a row known");
}

TEST(EvidenceTest, FindsRunsOfUnknownBasesThatAreTooLong) {
  const std::string bases = "NNNACNNGTnrNNACNNN";
  EXPECT_EQ(unknown_runs(bases, 2), (std::vector<Window>{{0, 3}, {9, 4}, {15, 3}}));
  EXPECT_EQ(unknown_runs(bases, 3), (std::vector<Window>{{9, 4}}));
  EXPECT_TRUE(unknown_runs(bases, 4).empty());
  EXPECT_TRUE(unknown_runs("", 0).empty());
  EXPECT_EQ(unknown_runs("N", 0), (std::vector<Window>{{0, 1}}));
}

TEST(EvidenceTest, ALimitIsAShare) {
  EXPECT_NO_THROW(check_max_unknown(0.0));
  EXPECT_NO_THROW(check_max_unknown(1.0));
  for (const double wrong : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(check_max_unknown(wrong), Error);
  }
}

}  // namespace
}  // namespace paramixer
