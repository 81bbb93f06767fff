#include "models/training/metrics_log.hpp"

#include <gtest/gtest.h>
#include <sstream>
#include <vector>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::read_file;
using test::TempDir;

std::vector<std::string> lines_of(const std::string& path) {
  std::istringstream text(read_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

MetricsRow row_at(std::int64_t step) {
  return {.step = step,
          .epochs = 1.5,
          .seconds = 2.25,
          .learning_rate = 0.003,
          .length = 512,
          .factors = 9,
          .train_loss = 0.5,
          .train_accuracy = 0.75};
}

ClassificationMetrics valid_metrics() {
  ClassificationMetrics metrics;
  metrics.log_loss = 0.625;
  metrics.accuracy = 0.875;
  metrics.balanced_accuracy = 0.8125;
  metrics.macro_f1 = 0.6875;
  return metrics;
}

TEST(MetricsLog, WritesARowUnderItsHeader) {
  const TempDir folder;
  MetricsLog log(folder.file("curve.csv"), 0);
  log.write(row_at(200), valid_metrics());
  const auto lines = lines_of(folder.file("curve.csv"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0],
            "step,epochs,seconds,learning_rate,length,factors,train_loss,train_accuracy,"
            "valid_log_loss,valid_accuracy,valid_balanced_accuracy,valid_macro_f1");
  EXPECT_EQ(lines[1], "200,1.5,2.25,0.003,512,9,0.5,0.75,0.625,0.875,0.8125,0.6875");
}

TEST(MetricsLog, EveryRowIsOnDiskAtOnce) {
  const TempDir folder;
  MetricsLog log(folder.file("curve.csv"), 0);
  EXPECT_EQ(lines_of(folder.file("curve.csv")).size(), 1U);
  log.write(row_at(1), valid_metrics());
  log.write(row_at(2), valid_metrics());
  EXPECT_EQ(lines_of(folder.file("curve.csv")).size(), 3U);
}

TEST(MetricsLog, AFreshRunReplacesAnEarlierCurve) {
  const TempDir folder;
  MetricsLog(folder.file("curve.csv"), 0).write(row_at(1), valid_metrics());
  MetricsLog(folder.file("curve.csv"), 0).write(row_at(7), valid_metrics());
  const auto lines = lines_of(folder.file("curve.csv"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[1].starts_with("7,"));
}

TEST(MetricsLog, AResumedRunKeepsTheRowsUpToItsStep) {
  const TempDir folder;
  {
    MetricsLog log(folder.file("curve.csv"), 0);
    for (const std::int64_t step : {5, 10, 15, 100}) log.write(row_at(step), valid_metrics());
  }
  MetricsLog log(folder.file("curve.csv"), 10);
  log.write(row_at(12), valid_metrics());
  const auto lines = lines_of(folder.file("curve.csv"));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(lines[1].starts_with("5,"));
  EXPECT_TRUE(lines[2].starts_with("10,"));
  EXPECT_TRUE(lines[3].starts_with("12,"));
}

TEST(MetricsLog, AResumedRunStartsACurveThatIsNotThere) {
  const TempDir folder;
  MetricsLog(folder.file("curve.csv"), 10).write(row_at(12), valid_metrics());
  EXPECT_EQ(lines_of(folder.file("curve.csv")).size(), 2U);
}

TEST(MetricsLog, AnEmptyPathWritesNothing) {
  MetricsLog log("", 0);
  EXPECT_NO_THROW(log.write(row_at(1), valid_metrics()));
}

TEST(MetricsLog, APathThatCannotBeWrittenIsNamed) {
  const TempDir folder;
  const std::string path = folder.file("missing/curve.csv");
  EXPECT_HAS(message_of([&] { MetricsLog(path, 0); }), path);
}

TEST(MetricsLog, AFullDiskIsAnError) {
  EXPECT_HAS(message_of([&] { MetricsLog("/dev/full", 0); }), "/dev/full");
}

}  // namespace
}  // namespace paramixer
