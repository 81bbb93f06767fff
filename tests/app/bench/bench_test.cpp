#include "app/services/bench/bench.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

BenchReport small_report() {
  BenchReport report;
  report.machine = {.device = "cpu",
                    .processor = "a processor",
                    .kernels = "avx2",
                    .threads = 2,
                    .peak_gflops = 100.0,
                    .peak_gbytes = 20.0};
  report.rows.push_back({.work = "genome-folded-forward",
                         .baseline = "spmm",
                         .ours_ms = 10.0,
                         .baseline_ms = 1000.0,
                         .sequences = 8,
                         .length = 16384,
                         .gflops = 50.0,
                         .gbytes = 5.0,
                         .disagreement = 1e-6,
                         .detail = "gather"});
  report.scaling.push_back({1024, 0.5, 0.25});
  return report;
}

TEST(BenchReport, RatioSaysHowManyTimesFasterOursIs) {
  const BenchRow row = small_report().rows.front();
  EXPECT_EQ(row.ratio(), 100.0);
  EXPECT_DOUBLE_EQ(row.bases_per_second(), 8 * 16384 / 0.01);
}

TEST(BenchReport, JsonHasTheContractsFields) {
  const auto json = nlohmann::json::parse(bench_json(small_report()));
  EXPECT_EQ(json["machine"]["threads"], 2);
  const auto& row = json["rows"][0];
  EXPECT_EQ(row["work"], "genome-folded-forward");
  EXPECT_EQ(row["baseline"], "spmm");
  EXPECT_EQ(row["ours_ms"], 10.0);
  EXPECT_EQ(row["baseline_ms"], 1000.0);
  EXPECT_EQ(row["ratio"], 100.0);
  EXPECT_EQ(row["gflops_share"], 0.5);
  EXPECT_EQ(json["scaling"][0]["length"], 1024);
}

TEST(BenchReport, TextShowsWorksAndScaling) {
  const std::string text = bench_text(small_report());
  EXPECT_NE(text.find("genome-folded-forward   spmm"), std::string::npos) << text;
  EXPECT_NE(text.find("100.00"), std::string::npos) << text;
  EXPECT_NE(text.find("ns per position and link"), std::string::npos) << text;
}

TEST(Bench, NamesTheWorksOfTheIssue) {
  EXPECT_EQ(
      bench_work_names("cpu"),
      (std::vector<std::string>{"genome-folded-forward", "genome-apc-forward", "fused-forward",
                                "kmer-train", "genome-apc-train", "long-1m-forward",
                                "classify-end-to-end", "explain-attribution", "explain-links"}));
  for (const std::string& name : bench_work_names("cuda:0")) EXPECT_TRUE(name.starts_with("gpu-"));
}

TEST(Bench, AnUnknownWorkIsAUsageErrorThatNamesTheKnownOnes) {
  try {
    run_bench({.works = {"genome"}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_NE(std::string(error.what()).find("kmer-train"), std::string::npos) << error.what();
  }
}

TEST(Bench, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  try {
    run_bench({.works = {"kmer-train"}}, {}, stop.get_token());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInterrupted);
  }
}

}  // namespace
}  // namespace paramixer
