#include "app/services/bench/bench.hpp"

#include <algorithm>
#include <functional>

#include "app/services/base/stopwatch.hpp"
#include "app/services/bench/bench_classify.hpp"
#include "app/services/bench/bench_explain.hpp"
#include "core/base/error.hpp"
#include "core/base/processor_name.hpp"
#include "core/kernels/mix/mix_factor.hpp"
#include "core/kernels/roofline/roofline.hpp"
#include "models/bench/model_bench.hpp"
#if defined(PARAMIXER_WITH_CUDA)
#include "models/bench/cuda_roofline.hpp"
#endif
#include "models/network/device.hpp"

namespace paramixer {
namespace {

constexpr double kAgreement = 1e-3;
constexpr double kAgreementInBfloat16 = 5e-2;
constexpr std::int64_t kLongest = 1048576;
constexpr int kExplainRepeats = 7;
constexpr std::int64_t kScalingBase = 16384;
const char* const kClassifyWork = "classify-end-to-end";
const char* const kAttributionWork = "explain-attribution";
const char* const kLinksWork = "explain-links";
const char* const kLongWork = "long-1m-forward";

bool on_cuda(const std::string& device) { return device != "cpu"; }

std::vector<BenchWork> works_for(const std::string& device) {
  return on_cuda(device) ? gpu_bench_works() : bench_works();
}

/// The fastest run of one subject so far.
struct Fastest {
  double milliseconds = 0.0;
  int runs = 0;

  void take(const std::function<void()>& work) {
    const Stopwatch watch;
    work();
    const double taken = watch.seconds() * 1000.0;
    milliseconds = runs == 0 ? taken : std::min(milliseconds, taken);
    ++runs;
  }
};

class Bench {
 public:
  Bench(const BenchOptions& options, const ServiceCallbacks& callbacks, std::stop_token stop)
      : options_(options), callbacks_(callbacks), stop_(std::move(stop)) {}

  BenchReport run() {
    measure_machine();
    for (const BenchWork& work : works_for(options_.device)) {
      if (wanted(work.name)) compare(work);
    }
    if (on_cuda(options_.device)) return std::move(report_);
    if (wanted(kLongWork)) measure_scaling();
    if (wanted(kClassifyWork)) measure_classify();
    if (wanted(kAttributionWork) || wanted(kLinksWork)) measure_explain();
    return std::move(report_);
  }

 private:
  bool wanted(const std::string& name) const {
    return options_.works.empty() ||
           std::ranges::find(options_.works, name) != options_.works.end();
  }

  void say(const std::string& line) const {
    if (callbacks_.log) callbacks_.log(line);
  }

  void check_stop() const {
    if (stop_.stop_requested()) throw Error("the benchmark was stopped", ErrorKind::kInterrupted);
  }

  void measure_machine() {
    report_.machine = {.device = options_.device,
                       .processor = processor_name(),
                       .kernels = available_mix_kernels().front()->name,
                       .threads = compute_threads()};
    if (on_cuda(options_.device)) return;
    ThreadPool pool(compute_threads());
    const Roofline roofline = measure_roofline(pool);
    report_.machine.peak_gflops = roofline.gflops;
    report_.machine.peak_gbytes = roofline.gbytes;
  }

  /// Runs a subject for the time it has, at least once.
  void spend(Fastest& fastest, const std::function<void()>& work) const {
    const Stopwatch watch;
    do {
      check_stop();
      fastest.take(work);
    } while (watch.seconds() < options_.seconds_each);
  }

  void compare(const BenchWork& work) {
    say(work.name + ": checking that all formulations agree");
    ModelBench bench(work, options_.device);
    const std::vector<BenchSubject> subjects{BenchSubject::kSpmm, BenchSubject::kGather,
                                             BenchSubject::kRolls};
    double worst = 0.0;
    for (const BenchSubject subject : subjects) {
      check_stop();
      worst = std::max(worst, bench.disagreement(subject));
    }
    const bool rounded = work.storage == ValueStorage::kBfloat16;
    if (!(worst <= (rounded ? kAgreementInBfloat16 : kAgreement))) {
      throw Error("benchmark " + work.name + ": the kernels and LibTorch differ by " +
                  std::to_string(worst) + " of the largest value; please report this");
    }
    say(work.name + ": timing");
    // The check has warmed all of them up. Ours is timed between the others, so that changes in the
    // machine's load affect all of them.
    Fastest ours;
    std::vector<Fastest> others(subjects.size());
    for (std::size_t s = 0; s < subjects.size(); ++s) {
      spend(others[s], [&] { bench.run(subjects[s]); });
      spend(ours, [&] { bench.run(BenchSubject::kOurs); });
    }
    add_rows(work, worst, ours, others);
  }

  void add_rows(const BenchWork& work, double disagreement, const Fastest& ours,
                const std::vector<Fastest>& others) {
    const BenchCost cost = bench_cost(work);
    BenchRow row{.work = work.name,
                 .baseline = "spmm",
                 .ours_ms = ours.milliseconds,
                 .baseline_ms = others[0].milliseconds,
                 .sequences = work.batch,
                 .length = work.length,
                 .gflops = cost.flops / ours.milliseconds / 1e6,
                 .gbytes = cost.bytes / ours.milliseconds / 1e6,
                 .disagreement = disagreement,
                 .detail = "gather, multiply, scatter-add"};
    add_roofline(work, row);
    report_.rows.push_back(row);
    row.baseline = "eager";
    row.baseline_ms = std::min(others[1].milliseconds, others[2].milliseconds);
    row.detail = others[1].milliseconds < others[2].milliseconds ? "gather and einsum" : "rolls";
    report_.rows.push_back(row);
  }

  /// On a CUDA device, its published peaks; the CPU's are measured for the whole report.
  void add_roofline([[maybe_unused]] const BenchWork& work, [[maybe_unused]] BenchRow& row) {
#if defined(PARAMIXER_WITH_CUDA)
    if (!on_cuda(options_.device)) return;
    const CudaRoofline roofline = cuda_roofline(work, options_.device);
    report_.machine.processor = roofline.device;
    row.roofline_ms = roofline.ms;
    row.roofline = roofline.bound;
#endif
  }

  void measure_scaling() {
    for (std::int64_t length = 1024; length <= kLongest; length *= 4) {
      say("forward pass of " + std::to_string(length) + " positions");
      const std::int64_t batch = std::max<std::int64_t>(1, 4 * kScalingBase / length);
      const BenchWork work{kLongWork,
                           genome_bench_config(length, PositionKind::kNone, Pooling::kMean), length,
                           batch};
      ModelBench bench(work, options_.device);
      Fastest ours;
      bench.run(BenchSubject::kOurs);
      spend(ours, [&] { bench.run(BenchSubject::kOurs); });
      const LinkPattern pattern = work.config.link_pattern();
      const auto links = static_cast<double>(length * batch * pattern.factors() * pattern.links());
      report_.scaling.push_back({length, ours.milliseconds / static_cast<double>(batch),
                                 ours.milliseconds * 1e6 / links});
      if (length == kLongest) add_long_row(work, ours);
    }
  }

  void add_long_row(const BenchWork& work, const Fastest& ours) {
    const BenchCost cost = bench_cost(work);
    BenchRow row{.work = work.name,
                 .baseline = "self",
                 .ours_ms = ours.milliseconds,
                 .baseline_ms = ours.milliseconds,
                 .sequences = 1,
                 .length = work.length,
                 .gflops = cost.flops / ours.milliseconds / 1e6,
                 .gbytes = cost.bytes / ours.milliseconds / 1e6,
                 .detail = "as fast per link as at 16384"};
    for (const BenchScaling& point : report_.scaling) {
      if (point.length != kScalingBase) continue;
      row.baseline_ms *= point.nanoseconds_per_link / report_.scaling.back().nanoseconds_per_link;
    }
    report_.rows.push_back(row);
  }

  void measure_classify() {
    say("classify of a gzip FASTA");
    BenchWork work = works_for(options_.device).front();
    work.name = kClassifyWork;
    ModelBench bench(work, options_.device);
    const ClassifyBench files(bench, options_.device);
    Fastest ours;
    Fastest kernel;
    bench.run(BenchSubject::kOurs);
    for (int round = 0; round < 3; ++round) {
      check_stop();
      ours.take([&] { files.classify(stop_); });
      spend(kernel, [&] { bench.run(BenchSubject::kOurs); });
    }
    const double batches = static_cast<double>(files.records()) / static_cast<double>(work.batch);
    report_.rows.push_back({.work = work.name,
                            .baseline = "kernel",
                            .ours_ms = ours.milliseconds,
                            .baseline_ms = kernel.milliseconds * batches,
                            .sequences = files.records(),
                            .length = work.length,
                            .detail = "the model alone, tokens in memory"});
  }

  void measure_explain() {
    say("attribution and links of one record");
    const BenchWork work = works_for(options_.device).front();
    const ExplainCost cost = bench_explain_cost(ModelBench(work, options_.device), kExplainRepeats);
    BenchRow row{.work = kAttributionWork,
                 .baseline = "forward",
                 .ours_ms = cost.attribution_ms,
                 .baseline_ms = cost.forward_ms,
                 .sequences = 1,
                 .length = work.length,
                 .detail = "one class, against one forward pass of the record"};
    if (wanted(row.work)) report_.rows.push_back(row);
    row.work = kLinksWork;
    row.ours_ms = cost.links_ms;
    row.detail = "the strongest of " + std::to_string(cost.links) + " links";
    if (wanted(row.work)) report_.rows.push_back(row);
  }

  const BenchOptions& options_;
  const ServiceCallbacks& callbacks_;
  std::stop_token stop_;
  BenchReport report_;
};

}  // namespace

std::vector<std::string> bench_work_names(const std::string& device) {
  std::vector<std::string> names;
  for (const BenchWork& work : works_for(device)) names.push_back(work.name);
  if (!on_cuda(device)) {
    names.insert(names.end(), {kLongWork, kClassifyWork, kAttributionWork, kLinksWork});
  }
  return names;
}

BenchReport run_bench(const BenchOptions& options, const ServiceCallbacks& callbacks,
                      std::stop_token stop) {
  const std::vector<std::string> names = bench_work_names(options.device);
  for (const std::string& work : options.works) {
    if (std::ranges::find(names, work) != names.end()) continue;
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    throw usage_error("there is no benchmark '" + work + "' on " + options.device + "; there are " +
                      known);
  }
  return Bench(options, callbacks, std::move(stop)).run();
}

}  // namespace paramixer
