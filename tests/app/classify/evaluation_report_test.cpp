#include "app/services/classify/evaluation_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

/// Three records of two classes, one of them wrong, and a third class without any.
EvaluationReport small_report() {
  ScoredLabels scored;
  scored.classes = 3;
  scored.labels = {0, 0, 1};
  scored.probabilities = {0.8F, 0.1F, 0.1F, 0.2F, 0.7F, 0.1F, 0.1F, 0.8F, 0.1F};
  return {.classes = {"alpha", "beta", "gamma"},
          .metrics = compute_metrics(scored),
          .no_evidence = 4,
          .rejected = 2,
          .unlabelled = 1,
          .bases = 300,
          .seconds = 0.5};
}

TEST(EvaluationReport, text_has_figures_classes_and_confusion) {
  const std::string text = evaluation_text(small_report());
  EXPECT_HAS(text, "no_evidence                  4\n");
  EXPECT_HAS(text, "rejected                     2\n");
  EXPECT_HAS(text, "accuracy                0.6667\n");
  EXPECT_HAS(text, "1 alpha  1  1  .\n");
  EXPECT_HAS(text, "2 beta   .  1  .\n");
}

TEST(EvaluationReport, text_leaves_a_large_confusion_matrix_out) {
  EvaluationReport report;
  ScoredLabels scored;
  scored.classes = 41;
  scored.labels = {0};
  scored.probabilities.assign(41, 1.0F / 41.0F);
  report.metrics = compute_metrics(scored);
  report.classes.assign(41, "c");
  EXPECT_EQ(evaluation_text(report).find("confusion"), std::string::npos);
}

TEST(EvaluationReport, json_has_everything_and_null_where_there_is_no_figure) {
  const auto json = nlohmann::json::parse(evaluation_json(small_report()));
  EXPECT_EQ(json.at("records"), 3);
  EXPECT_EQ(json.at("no_evidence"), 4);
  EXPECT_EQ(json.at("rejected"), 2);
  EXPECT_NEAR(json.at("metrics").at("accuracy").get<double>(), 2.0 / 3.0, 1e-12);
  EXPECT_EQ(json.at("metrics").size(), 11U);
  EXPECT_EQ(json.at("per_class").at(0).at("class"), "alpha");
  EXPECT_TRUE(json.at("per_class").at(2).at("roc_auc").is_null());
  EXPECT_EQ(json.at("confusion"), nlohmann::json::parse("[[1,1,0],[0,1,0],[0,0,0]]"));
}

}  // namespace
}  // namespace paramixer
