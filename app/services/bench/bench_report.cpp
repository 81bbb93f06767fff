#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/services/base/build_facts.hpp"
#include "app/services/bench/bench.hpp"

namespace paramixer {
namespace {

using Json = nlohmann::ordered_json;

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

double share(double value, double peak) { return peak > 0.0 ? value / peak : 0.0; }

std::string machine_text(const BenchMachine& machine) {
  std::string text = "device " + machine.device + ", " + machine.processor + ", " +
                     std::to_string(machine.threads) + " threads, kernels " + machine.kernels +
                     "\n";
  if (machine.peak_gflops > 0.0) {
    text += formatted("measured peaks: %.0f GFLOP/s in float32, %.1f GB/s in main memory\n",
                      machine.peak_gflops, machine.peak_gbytes);
  }
  return text;
}

/// Columns of the works' names.
int name_width(const BenchReport& report) {
  std::size_t width = 23;
  for (const BenchRow& row : report.rows) width = std::max(width, row.work.size());
  return static_cast<int>(width);
}

std::string row_text(const BenchRow& row, const BenchMachine& machine, int width) {
  std::string text = formatted("%-*s %-6s %10.2f %10.2f %8.2f %9.2f", width, row.work.c_str(),
                               row.baseline.c_str(), row.ours_ms, row.baseline_ms, row.ratio(),
                               row.bases_per_second() / 1e6);
  if (row.gflops > 0.0) {
    const double peak = row.roofline_ms > 0.0 ? row.roofline_ms / row.ours_ms
                                              : share(row.gflops, machine.peak_gflops);
    text += formatted(" %8.1f %4.0f%% %7.1f", row.gflops, 100.0 * peak, row.gbytes);
  } else {
    text += formatted(" %8s %5s %7s", "", "", "");
  }
  text += "  " + row.detail;
  if (!row.roofline.empty()) {
    text += formatted("; peak: %.2f ms of %s", row.roofline_ms, row.roofline.c_str());
  }
  return text + "\n";
}

}  // namespace

std::string bench_text(const BenchReport& report) {
  std::string text = machine_text(report.machine);
  const int width = name_width(report);
  if (!report.rows.empty()) {
    text += formatted("\n%-*s %-6s %10s %10s %8s %9s %8s %5s %7s  %s\n", width, "work", "against",
                      "ours ms", "its ms", "ratio", "Mbases/s", "GFLOP/s", "peak", "GB/s", "");
  }
  for (const BenchRow& row : report.rows) text += row_text(row, report.machine, width);
  if (!report.scaling.empty()) {
    text += formatted("\n%10s %12s %28s\n", "positions", "forward ms", "ns per position and link");
  }
  for (const BenchScaling& point : report.scaling) {
    text += formatted("%10lld %12.2f %28.3f\n", static_cast<long long>(point.length),
                      point.milliseconds, point.nanoseconds_per_link);
  }
  return text;
}

std::string bench_json(const BenchReport& report) {
  const BenchMachine& machine = report.machine;
  Json json{{"version", program_version()},
            {"machine",
             {{"device", machine.device},
              {"processor", machine.processor},
              {"kernels", machine.kernels},
              {"threads", machine.threads},
              {"peak_gflops", machine.peak_gflops},
              {"peak_gbytes_per_second", machine.peak_gbytes}}}};
  json["rows"] = Json::array();
  for (const BenchRow& row : report.rows) {
    json["rows"].push_back({{"work", row.work},
                            {"baseline", row.baseline},
                            {"ours_ms", row.ours_ms},
                            {"baseline_ms", row.baseline_ms},
                            {"ratio", row.ratio()},
                            {"sequences", row.sequences},
                            {"length", row.length},
                            {"bases_per_second", row.bases_per_second()},
                            {"gflops", row.gflops},
                            {"gflops_share", share(row.gflops, machine.peak_gflops)},
                            {"gbytes_per_second", row.gbytes},
                            {"gbytes_share", share(row.gbytes, machine.peak_gbytes)},
                            {"roofline_ms", row.roofline_ms},
                            {"roofline_share", share(row.roofline_ms, row.ours_ms)},
                            {"roofline", row.roofline},
                            {"disagreement", row.disagreement},
                            {"detail", row.detail}});
  }
  json["scaling"] = Json::array();
  for (const BenchScaling& point : report.scaling) {
    json["scaling"].push_back({{"length", point.length},
                               {"milliseconds", point.milliseconds},
                               {"nanoseconds_per_position_and_link", point.nanoseconds_per_link}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace paramixer
