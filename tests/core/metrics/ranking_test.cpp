#include "core/metrics/ranking.hpp"

#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

using Scores = std::vector<double>;
using Labels = std::vector<bool>;

TEST(RankingTest, PerfectRankingHasAreaOne) {
  const Scores scores{0.9, 0.8, 0.2, 0.1};
  const Labels positive{true, true, false, false};
  EXPECT_DOUBLE_EQ(roc_auc(scores, positive), 1.0);
  EXPECT_DOUBLE_EQ(pr_auc(scores, positive), 1.0);
}

TEST(RankingTest, InvertedRankingHasRocAreaZero) {
  const Scores scores{0.9, 0.8, 0.2, 0.1};
  const Labels positive{false, false, true, true};
  EXPECT_DOUBLE_EQ(roc_auc(scores, positive), 0.0);
  EXPECT_DOUBLE_EQ(pr_auc(scores, positive), (1.0 / 3.0 + 2.0 / 4.0) / 2.0);
}

TEST(RankingTest, EqualScoresCountHalfAndAreTakenTogether) {
  const Scores scores(5, 0.4);
  const Labels positive{true, false, false, true, false};
  EXPECT_DOUBLE_EQ(roc_auc(scores, positive), 0.5);
  EXPECT_DOUBLE_EQ(pr_auc(scores, positive), 0.4);
}

TEST(RankingTest, SomeTiesMatchScikitLearn) {
  const Scores scores{0.9, 0.9, 0.8, 0.5, 0.5, 0.5, 0.1, 0.1};
  const Labels positive{true, false, true, false, true, false, false, true};
  EXPECT_DOUBLE_EQ(roc_auc(scores, positive), 0.5625);
  EXPECT_NEAR(pr_auc(scores, positive), 0.5416666666666666, 1e-15);
}

TEST(RankingTest, ManyTiedScoresMatchScikitLearn) {
  std::uint64_t state = 12345;
  auto draw = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33;
  };
  Scores scores;
  Labels positive;
  for (int i = 0; i < 2000; ++i) {
    scores.push_back(static_cast<double>(draw() % 101) / 100.0);
    positive.push_back(static_cast<double>((draw() >> 3) % 10) < 3.0 + 5.0 * scores.back());
  }
  EXPECT_NEAR(roc_auc(scores, positive), 0.6645685200496073, 1e-12);
  EXPECT_NEAR(pr_auc(scores, positive), 0.7158911251823155, 1e-12);
}

TEST(RankingTest, NegatedScoresMirrorTheRocArea) {
  const Scores scores{0.3, -1.0, 7.5, 0.3, 2.0};
  Scores negated;
  for (const double score : scores) negated.push_back(-score);
  const Labels positive{true, false, false, false, true};
  EXPECT_DOUBLE_EQ(roc_auc(scores, positive) + roc_auc(negated, positive), 1.0);
}

TEST(RankingTest, MissingSideIsNaN) {
  EXPECT_TRUE(std::isnan(roc_auc(Scores{}, Labels{})));
  EXPECT_TRUE(std::isnan(pr_auc(Scores{}, Labels{})));
  EXPECT_TRUE(std::isnan(roc_auc(Scores{0.1, 0.2}, Labels{true, true})));
  EXPECT_TRUE(std::isnan(roc_auc(Scores{0.1, 0.2}, Labels{false, false})));
  EXPECT_TRUE(std::isnan(pr_auc(Scores{0.1, 0.2}, Labels{false, false})));
  EXPECT_DOUBLE_EQ(pr_auc(Scores{0.1, 0.2}, Labels{true, true}), 1.0);
}

TEST(RankingTest, SizesThatDisagreeAreAnError) {
  EXPECT_THROW(roc_auc(Scores{0.1, 0.2}, Labels{true}), Error);
  EXPECT_THROW(pr_auc(Scores{0.1}, Labels{true, false}), Error);
}

}  // namespace
}  // namespace paramixer
