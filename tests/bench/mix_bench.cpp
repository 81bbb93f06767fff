#include <benchmark/benchmark.h>
#include <thread>

#include "core/kernels/mix/mix_engine.hpp"
#include "tests/core/kernels/mix/mix_cases.hpp"

namespace paramixer {
namespace {

/// Buffers of both passes, touched once before anything is timed.
struct MixBuffers {
  explicit MixBuffers(const MixCaseData<float>& case_data)
      : data(case_data),
        output(data.input.size()),
        states((data.weights.size() - 1) * data.input.size()),
        grad_input(data.input.size()),
        grad_weights(data.weights) {
    for (auto& grad : grad_weights) grad_pointers.push_back(grad.data());
  }

  void forward(MixEngine& engine) {
    engine.forward(data.problem(), {data.input.data(), output.data(), nullptr});
  }
  void training_forward(MixEngine& engine) {
    engine.forward(data.problem(), {data.input.data(), output.data(), states.data()});
  }
  void backward(MixEngine& engine) {
    engine.backward(data.problem(), {data.input.data(), states.data(), data.grad_output.data(),
                                     grad_input.data(), grad_pointers});
  }

  const MixCaseData<float>& data;
  std::vector<float> output;
  std::vector<float> states;
  std::vector<float> grad_input;
  std::vector<std::vector<float>> grad_weights;
  std::vector<float*> grad_pointers;
};

using Pass = void (MixBuffers::*)(MixEngine&);

void run(benchmark::State& state, const MixCase& mix_case, Pass pass) {
  const MixCaseData<float> data(mix_case, 1);
  MixBuffers buffers(data);
  MixEngine engine(static_cast<int>(state.range(0)));
  buffers.training_forward(engine);
  for (auto _ : state) (buffers.*pass)(engine);
  const auto links = static_cast<double>(data.starts.back() * data.pattern.links()) *
                     static_cast<double>(data.weights.size());
  state.counters["links"] = benchmark::Counter(links, benchmark::Counter::kIsIterationInvariantRate,
                                               benchmark::Counter::kIs1000);
  state.counters["flops"] = benchmark::Counter(2.0 * links * static_cast<double>(data.channels),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

[[maybe_unused]] const bool kRegistered = [] {
  const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  for (const MixCase& mix_case : full_size_mix_cases()) {
    for (const auto& [name, pass] : {std::pair<const char*, Pass>{"forward", &MixBuffers::forward},
                                     {"training_forward", &MixBuffers::training_forward},
                                     {"backward", &MixBuffers::backward}}) {
      benchmark::RegisterBenchmark(
          ("mix/" + std::string(mix_case.name) + "/" + name).c_str(),
          [&mix_case, pass = pass](benchmark::State& state) { run(state, mix_case, pass); })
          ->Arg(1)
          ->Arg(cores)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace paramixer
