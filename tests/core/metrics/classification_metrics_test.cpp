#include "core/metrics/classification_metrics.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Three classes, with ties between classes and between records.
ScoredLabels three_classes() {
  return {3,
          {0.7F,  0.2F,  0.1F,  0.5F, 0.3F, 0.2F, 0.2F, 0.6F, 0.2F,  0.1F,
           0.1F,  0.8F,  0.3F,  0.4F, 0.3F, 0.4F, 0.4F, 0.2F, 0.05F, 0.9F,
           0.05F, 0.25F, 0.25F, 0.5F, 0.6F, 0.3F, 0.1F, 0.2F, 0.2F,  0.6F},
          {0, 0, 1, 2, 0, 1, 1, 1, 2, 2}};
}

// Four classes of which class 1 has no record, though one is predicted to be of it.
ScoredLabels class_without_records() {
  return {4,
          {0.4F, 0.3F, 0.2F, 0.1F, 0.1F, 0.6F, 0.2F, 0.1F, 0.1F, 0.2F, 0.5F,  0.2F,  0.2F,  0.3F,
           0.4F, 0.1F, 0.1F, 0.1F, 0.2F, 0.6F, 0.3F, 0.2F, 0.3F, 0.2F, 0.25F, 0.25F, 0.25F, 0.25F},
          {0, 0, 2, 2, 3, 3, 0}};
}

TEST(ClassificationMetricsTest, ThreeClassesMatchScikitLearn) {
  const ClassificationMetrics metrics = compute_metrics(three_classes());
  EXPECT_EQ(metrics.records, 10);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.6);
  EXPECT_NEAR(metrics.balanced_accuracy, 0.611111111111111, 1e-12);
  EXPECT_NEAR(metrics.macro_f1, 0.6031746031746031, 1e-12);
  EXPECT_NEAR(metrics.mcc, 0.4090909090909091, 1e-12);
  EXPECT_NEAR(metrics.roc_auc_macro, 0.816468253968254, 1e-12);
  EXPECT_NEAR(metrics.roc_auc_weighted, 0.8202380952380951, 1e-12);
  EXPECT_NEAR(metrics.pr_auc_macro, 0.7878968253968254, 1e-12);
  EXPECT_NEAR(metrics.pr_auc_weighted, 0.792142857142857, 1e-12);
  EXPECT_NEAR(metrics.hard_roc_auc, 0.7063492063492064, 1e-12);
  EXPECT_NEAR(metrics.log_loss, 0.8209120308924804, 1e-12);
  EXPECT_NEAR(metrics.ece, 0.1599999964237213, 1e-12);
  EXPECT_EQ(metrics.confusion.counts, (std::vector<std::int64_t>{2, 1, 0, 1, 2, 1, 1, 0, 2}));
  EXPECT_EQ(metrics.confusion.at(1, 2), 1);
  EXPECT_EQ(metrics.confusion.at(2, 1), 0);
}

TEST(ClassificationMetricsTest, PerClassFiguresMatchScikitLearn) {
  const auto per_class = compute_metrics(three_classes()).per_class;
  ASSERT_EQ(per_class.size(), 3U);
  EXPECT_EQ(per_class[1].support, 4);
  EXPECT_NEAR(per_class[0].precision, 0.5, 1e-12);
  EXPECT_NEAR(per_class[0].recall, 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(per_class[0].f1, 4.0 / 7.0, 1e-12);
  EXPECT_NEAR(per_class[1].precision, 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(per_class[1].recall, 0.5, 1e-12);
  EXPECT_NEAR(per_class[0].roc_auc, 0.857142857142857, 1e-12);
  EXPECT_NEAR(per_class[1].roc_auc, 0.8541666666666666, 1e-12);
  EXPECT_NEAR(per_class[2].roc_auc, 0.738095238095238, 1e-12);
  EXPECT_NEAR(per_class[0].pr_auc, 0.7555555555555555, 1e-12);
  EXPECT_NEAR(per_class[1].pr_auc, 0.8303571428571428, 1e-12);
  EXPECT_NEAR(per_class[2].pr_auc, 0.7777777777777777, 1e-12);
}

TEST(ClassificationMetricsTest, ClassWithoutRecordsIsLeftOutOfTheMeans) {
  const ClassificationMetrics metrics = compute_metrics(class_without_records());
  EXPECT_NEAR(metrics.accuracy, 0.7142857142857143, 1e-12);
  EXPECT_NEAR(metrics.balanced_accuracy, 0.7222222222222222, 1e-12);
  EXPECT_NEAR(metrics.macro_f1, 0.7777777777777777, 1e-12);
  EXPECT_NEAR(metrics.mcc, 0.6063390625908325, 1e-12);
  EXPECT_NEAR(metrics.roc_auc_macro, 0.8388888888888889, 1e-12);
  EXPECT_NEAR(metrics.roc_auc_weighted, 0.8142857142857143, 1e-12);
  EXPECT_NEAR(metrics.pr_auc_macro, 0.8161375661375662, 1e-12);
  EXPECT_NEAR(metrics.pr_auc_weighted, 0.7993197278911565, 1e-12);
  EXPECT_NEAR(metrics.hard_roc_auc, 0.8194444444444445, 1e-12);
  EXPECT_NEAR(metrics.log_loss, 1.1906959336116014, 1e-12);
  EXPECT_NEAR(metrics.ece, 0.42142857824053076, 1e-12);

  const ClassMetrics& absent = metrics.per_class[1];
  EXPECT_EQ(absent.support, 0);
  EXPECT_EQ(absent.precision, 0.0);
  EXPECT_EQ(absent.recall, 0.0);
  EXPECT_EQ(absent.f1, 0.0);
  EXPECT_TRUE(std::isnan(absent.roc_auc));
  EXPECT_TRUE(std::isnan(absent.pr_auc));
}

TEST(ClassificationMetricsTest, TiesInTheArgMaxGoToTheLowerClass) {
  const ConfusionMatrix confusion = compute_metrics(class_without_records()).confusion;
  EXPECT_EQ(confusion.at(3, 0), 1) << "0.3 0.2 0.3 0.2";
  EXPECT_EQ(confusion.at(0, 0), 2) << "four times 0.25";
}

TEST(ClassificationMetricsTest, PerfectPredictionsHaveTheBestFigures) {
  const ClassificationMetrics metrics =
      compute_metrics({2, {1.0F, 0.0F, 0.0F, 1.0F, 1.0F, 0.0F}, {0, 1, 0}});
  EXPECT_EQ(metrics.accuracy, 1.0);
  EXPECT_EQ(metrics.balanced_accuracy, 1.0);
  EXPECT_EQ(metrics.macro_f1, 1.0);
  EXPECT_DOUBLE_EQ(metrics.mcc, 1.0);
  EXPECT_EQ(metrics.roc_auc_macro, 1.0);
  EXPECT_EQ(metrics.pr_auc_weighted, 1.0);
  EXPECT_EQ(metrics.hard_roc_auc, 1.0);
  EXPECT_EQ(metrics.log_loss, 0.0);
  EXPECT_EQ(metrics.ece, 0.0);
}

TEST(ClassificationMetricsTest, InvertedPredictionsHaveTheWorstFigures) {
  const ClassificationMetrics metrics =
      compute_metrics({2, {0.0F, 1.0F, 1.0F, 0.0F, 0.0F, 1.0F}, {0, 1, 0}});
  EXPECT_EQ(metrics.accuracy, 0.0);
  EXPECT_EQ(metrics.balanced_accuracy, 0.0);
  EXPECT_EQ(metrics.macro_f1, 0.0);
  EXPECT_DOUBLE_EQ(metrics.mcc, -1.0);
  EXPECT_EQ(metrics.roc_auc_macro, 0.0);
  EXPECT_EQ(metrics.hard_roc_auc, 0.0);
  EXPECT_NEAR(metrics.log_loss, -std::log(1e-15), 1e-9);
  EXPECT_EQ(metrics.ece, 1.0);
}

TEST(ClassificationMetricsTest, SingleClassOfRecordsHasNoRocArea) {
  const ClassificationMetrics metrics = compute_metrics({2, {0.8F, 0.2F, 0.4F, 0.6F}, {0, 0}});
  EXPECT_EQ(metrics.accuracy, 0.5);
  EXPECT_EQ(metrics.balanced_accuracy, 0.5);
  EXPECT_EQ(metrics.mcc, 0.0);
  EXPECT_TRUE(std::isnan(metrics.roc_auc_macro));
  EXPECT_TRUE(std::isnan(metrics.roc_auc_weighted));
  EXPECT_TRUE(std::isnan(metrics.hard_roc_auc));
  EXPECT_EQ(metrics.pr_auc_macro, 1.0);
}

TEST(ClassificationMetricsTest, ModelOfOneClassIsAlwaysRight) {
  const ClassificationMetrics metrics = compute_metrics({1, {1.0F}, {0}});
  EXPECT_EQ(metrics.accuracy, 1.0);
  EXPECT_EQ(metrics.macro_f1, 1.0);
  EXPECT_EQ(metrics.mcc, 0.0);
  EXPECT_TRUE(std::isnan(metrics.roc_auc_macro));
}

TEST(ClassificationMetricsTest, CalibrationErrorsOfOneBinCancelAndOfTwoDoNot) {
  // 0.75 twice in one bin, half right: |0.5 - 0.75|. 0.75 right and 0.5 wrong are in two bins.
  EXPECT_DOUBLE_EQ(compute_metrics({2, {0.75F, 0.25F, 0.75F, 0.25F}, {0, 1}}).ece, 0.25);
  EXPECT_DOUBLE_EQ(compute_metrics({2, {0.75F, 0.25F, 0.5F, 0.5F}, {0, 1}}).ece, 0.375);
}

TEST(ClassificationMetricsTest, LogLossOfKnownProbabilities) {
  EXPECT_DOUBLE_EQ(compute_metrics({2, {0.5F, 0.5F, 0.75F, 0.25F}, {0, 1}}).log_loss,
                   (std::log(2.0) + std::log(4.0)) / 2.0);
}

TEST(ClassificationMetricsTest, UnusableInputIsAnError) {
  EXPECT_THROW(compute_metrics({}), Error);
  EXPECT_THROW(compute_metrics({2, {}, {}}), Error);
  EXPECT_THROW(compute_metrics({2, {0.5F, 0.5F, 1.0F}, {0, 1}}), Error);
  EXPECT_THROW(compute_metrics({0, {}, {0}}), Error);
  EXPECT_THROW(compute_metrics({2, {0.5F, 0.5F}, {2}}), Error);
  EXPECT_THROW(compute_metrics({2, {0.5F, 0.5F}, {-1}}), Error);
  EXPECT_THROW(compute_metrics({2, {kNaN, 0.5F}, {0}}), Error);
  EXPECT_THROW(compute_metrics({2, {0.5F, kInfinity}, {0}}), Error);
}

TEST(EntropyTest, KnownDistributions) {
  EXPECT_EQ(entropy(std::vector<float>{}), 0.0);
  EXPECT_EQ(entropy(std::vector<float>{1.0F, 0.0F}), 0.0);
  EXPECT_DOUBLE_EQ(entropy(std::vector<float>{0.5F, 0.5F}), std::log(2.0));
  EXPECT_DOUBLE_EQ(entropy(std::vector<float>(8, 0.125F)), std::log(8.0));
  EXPECT_DOUBLE_EQ(entropy(std::vector<float>{0.5F, 0.25F, 0.25F, 0.0F}), 1.5 * std::log(2.0));
}

TEST(ClassificationMetricsTest, RecordsWithoutAnAnswerAreErrorsInNoClass) {
  ScoredLabels scored{2, {0.9F, 0.1F, 0.2F, 0.8F, 0.4F, 0.6F}, {0, 1, 1}};
  const ClassificationMetrics answered = compute_metrics(scored);
  scored.unanswered = {1, 1, 0};
  const ClassificationMetrics metrics = compute_metrics(scored);
  EXPECT_EQ(metrics.records, 6);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.5);
  EXPECT_DOUBLE_EQ(metrics.balanced_accuracy, 0.5);
  EXPECT_EQ(metrics.per_class[1].support, 4);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].recall, 0.5);
  EXPECT_DOUBLE_EQ(metrics.per_class[1].precision, 1.0);
  // For a matrix with a third column for "no answer" and no third row.
  EXPECT_NEAR(
      metrics.mcc,
      (3.0 * 6.0 - (2.0 * 1.0 + 4.0 * 2.0)) / std::sqrt((36.0 - 20.0) * (36.0 - 1.0 - 4.0 - 9.0)),
      1e-12);
  EXPECT_EQ(metrics.confusion.counts, answered.confusion.counts);
  EXPECT_EQ(metrics.log_loss, answered.log_loss);
  EXPECT_EQ(metrics.roc_auc_macro, answered.roc_auc_macro);
  EXPECT_EQ(metrics.ece, answered.ece);
}

TEST(ClassificationMetricsTest, NoRecordNeedsToHaveAnAnswer) {
  ScoredLabels scored;
  scored.classes = 2;
  scored.unanswered = {0, 1};
  const ClassificationMetrics metrics = compute_metrics(scored);
  EXPECT_EQ(metrics.records, 2);
  EXPECT_EQ(metrics.accuracy, 0.0);
  EXPECT_TRUE(std::isnan(metrics.log_loss));
  scored.unanswered = {2};
  EXPECT_THROW(compute_metrics(scored), Error);
}

}  // namespace
}  // namespace paramixer
