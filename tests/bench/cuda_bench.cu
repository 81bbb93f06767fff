#include <algorithm>
#include <benchmark/benchmark.h>
#include <cuda_runtime_api.h>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "core/kernels/cuda/cuda_launch.cuh"
#include "core/kernels/cuda/fused_cuda.hpp"

// The CUDA kernels alone, on whole batches of the published genome configuration. What `paramixer
// bench --device cuda` times around them is LibTorch.

namespace paramixer {
namespace {

constexpr std::int64_t kChannels = 32;
constexpr std::int64_t kHidden = 128;
constexpr std::int64_t kVocabulary = 6;

/// A number of [-scale, scale) that follows from an element's index.
template <typename Real>
__global__ void fill(Real* values, std::int64_t count, float scale, std::uint64_t seed) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    std::uint64_t bits = (static_cast<std::uint64_t>(i) + seed) * 0x9e3779b97f4a7c15ULL;
    bits ^= bits >> 32;
    bits *= 0xd6e8feb86659fd93ULL;
    values[i] =
        from_float<Real>(scale * (static_cast<float>(bits >> 40) * (2.0F / 16777216.0F) - 1.0F));
  }
}

/// Row of every position: a token, and with `positions` also the place in its sequence.
__global__ void fill_rows(std::int32_t* rows, std::int64_t count, std::int64_t positions) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    std::uint64_t bits = static_cast<std::uint64_t>(i) * 0xd6e8feb86659fd93ULL;
    bits ^= bits >> 29;
    const auto token = static_cast<std::int64_t>(bits % 4);
    rows[i] =
        static_cast<std::int32_t>(positions == 0 ? token : i % positions * kVocabulary + token);
  }
}

class DeviceMemory {
 public:
  explicit DeviceMemory(std::int64_t bytes) {
    check_cuda(cudaMalloc(&data_, static_cast<std::size_t>(std::max<std::int64_t>(16, bytes))),
               "allocating");
  }
  ~DeviceMemory() { cudaFree(data_); }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  template <typename T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  void* data_ = nullptr;
};

/// Where the links of a benchmark come from.
enum class Links { kTokenTable, kPositionTable, kNetworks };

struct Shape {
  const char* name;
  Links links;
  CudaMixPath path;
  std::int64_t length;
  std::int64_t batch;
};

template <typename Real>
class CudaBatch {
 public:
  explicit CudaBatch(const Shape& shape)
      : shape_(shape), pattern_(Protocol::kChord, factors_for(shape.length)) {
    make_places();
    make_links();
    problem_.sequences = shape.batch;
    problem_.positions = shape.batch * shape.length;
    problem_.longest = shape.length;
    problem_.channels = kChannels;
    problem_.links = pattern_.links();
    input_ = random(problem_.values(), 1.0F);
    output_ = memory(problem_.values() * real_bytes());
    scratch_ = memory(problem_.values() * real_bytes());
  }

  /// Whether the shape's kernels take the batch on this device.
  bool runs() const {
    if (shape_.path == CudaMixPath::kPerFactor) return true;
    return shape_.links == Links::kNetworks ? fused_fits_on_chip<Real>(fused(), 0)
                                            : cuda_mix_fits_on_chip<Real>(problem_, 0);
  }

  void forward() {
    const MixForward<Real> buffers{input_->template as<Real>(), output_->template as<Real>()};
    const CudaMixScratch<Real> scratch{scratch_->template as<Real>(), nullptr};
    if (shape_.links == Links::kNetworks) {
      fused_forward_cuda<Real>(fused(), buffers, scratch, shape_.path, {});
    } else {
      mix_forward_cuda<Real>(problem_, buffers, scratch, shape_.path, {});
    }
  }

  double multiplications() const {
    return static_cast<double>(problem_.values()) * static_cast<double>(pattern_.links()) *
           static_cast<double>(pattern_.factors());
  }

 private:
  CudaFusedProblem<Real> fused() const {
    return {problem_, networks_, rows_->template as<Real>(), kChannels, kHidden};
  }

  static std::int64_t factors_for(std::int64_t length) {
    std::int64_t factors = 0;
    while ((std::int64_t{1} << factors) < length) ++factors;
    return factors;
  }
  static constexpr std::int64_t real_bytes() { return static_cast<std::int64_t>(sizeof(Real)); }

  static std::unique_ptr<DeviceMemory> memory(std::int64_t bytes) {
    return std::make_unique<DeviceMemory>(bytes);
  }
  std::unique_ptr<DeviceMemory> random(std::int64_t count, float scale) {
    auto made = memory(count * real_bytes());
    fill<<<1024, 256>>>(made->template as<Real>(), count, scale, ++seed_);
    return made;
  }
  const Real* keep_random(std::int64_t count, float scale) {
    kept_.push_back(random(count, scale));
    return kept_.back()->template as<Real>();
  }
  template <typename T>
  const T* keep_copy(const std::vector<T>& values) {
    kept_.push_back(memory(static_cast<std::int64_t>(values.size() * sizeof(T))));
    check_cuda(cudaMemcpy(kept_.back()->template as<T>(), values.data(), values.size() * sizeof(T),
                          cudaMemcpyHostToDevice),
               "copying");
    return kept_.back()->template as<T>();
  }

  void make_places() {
    std::vector<std::int64_t> starts;
    for (std::int64_t b = 0; b <= shape_.batch; ++b) starts.push_back(b * shape_.length);
    problem_.starts = keep_copy(starts);
    problem_.offsets = keep_copy(pattern_.offsets());
  }

  void make_links() {
    const std::int64_t positions = shape_.batch * shape_.length;
    if (shape_.links == Links::kNetworks) {
      rows_ = random(positions * kChannels, 1.0F);
      for (std::int64_t m = 0; m < pattern_.factors(); ++m) {
        networks_.push_back({keep_random(kHidden * kChannels, 0.2F), keep_random(kHidden, 0.2F),
                             keep_random(pattern_.links() * kHidden, 0.02F),
                             keep_random(pattern_.links(), 0.02F)});
      }
      return;
    }
    const bool by_position = shape_.links == Links::kPositionTable;
    const std::int64_t rows = kVocabulary * (by_position ? shape_.length : 1);
    for (std::int64_t m = 0; m < pattern_.factors(); ++m) {
      weights_.push_back(keep_random(rows * pattern_.links(), 0.1F));
    }
    rows_ = memory(positions * 4);
    fill_rows<<<1024, 256>>>(rows_->template as<std::int32_t>(), positions,
                             by_position ? shape_.length : 0);
    problem_.weights = {
        weights_, rows, {rows_->template as<std::int32_t>(), static_cast<std::size_t>(positions)}};
  }

  Shape shape_;
  LinkPattern pattern_;
  std::uint64_t seed_ = 0;
  std::vector<std::unique_ptr<DeviceMemory>> kept_;
  std::vector<const Real*> weights_;
  std::vector<LinkMlpWeights<Real>> networks_;
  std::unique_ptr<DeviceMemory> rows_;
  std::unique_ptr<DeviceMemory> input_;
  std::unique_ptr<DeviceMemory> output_;
  std::unique_ptr<DeviceMemory> scratch_;
  CudaMixProblem<Real> problem_;
};

/// Seconds between two points of the default stream.
class StreamClock {
 public:
  StreamClock() {
    check_cuda(cudaEventCreate(&begin_), "making an event");
    check_cuda(cudaEventCreate(&end_), "making an event");
  }
  ~StreamClock() {
    cudaEventDestroy(begin_);
    cudaEventDestroy(end_);
  }
  StreamClock(const StreamClock&) = delete;
  StreamClock& operator=(const StreamClock&) = delete;

  template <typename Work>
  double seconds(Work&& work) {
    check_cuda(cudaEventRecord(begin_), "recording an event");
    work();
    check_cuda(cudaEventRecord(end_), "recording an event");
    check_cuda(cudaEventSynchronize(end_), "running the kernels");
    float milliseconds = 0.0F;
    check_cuda(cudaEventElapsedTime(&milliseconds, begin_, end_), "reading a clock");
    return milliseconds * 1e-3;
  }

 private:
  cudaEvent_t begin_ = nullptr;
  cudaEvent_t end_ = nullptr;
};

template <typename Real>
void run(benchmark::State& state, const Shape& shape) {
  CudaBatch<Real> batch(shape);
  if (!batch.runs()) return state.SkipWithError("this device has no room for it");
  StreamClock clock;
  clock.seconds([&] { batch.forward(); });
  double fastest = 1e30;
  for (auto _ : state) {
    const double seconds = clock.seconds([&] { batch.forward(); });
    fastest = std::min(fastest, seconds);
    state.SetIterationTime(seconds);
  }
  state.counters["us_a_sequence"] = fastest * 1e6 / static_cast<double>(shape.batch);
  state.counters["TFLOP/s"] = 2.0 * batch.multiplications() / fastest * 1e-12;
}

void register_all() {
  constexpr std::int64_t kGenome = 16384;
  static const std::vector<Shape> kShapes{
      {"folded", Links::kTokenTable, CudaMixPath::kOnChip, kGenome, 256},
      {"folded_by_factor", Links::kTokenTable, CudaMixPath::kPerFactor, kGenome, 256},
      {"folded_2048", Links::kTokenTable, CudaMixPath::kOnChip, 2048, 2048},
      {"position_table_by_factor", Links::kPositionTable, CudaMixPath::kPerFactor, kGenome, 256},
      {"fused", Links::kNetworks, CudaMixPath::kOnChip, kGenome, 256},
      {"fused_by_factor", Links::kNetworks, CudaMixPath::kPerFactor, kGenome, 256},
      {"million_by_factor", Links::kTokenTable, CudaMixPath::kPerFactor, 1048576, 8},
  };
  const auto add = [](const Shape& shape, const char* type, auto function) {
    benchmark::RegisterBenchmark(
        ("cuda/" + std::string(shape.name) + "/" + type).c_str(),
        [&shape, function](benchmark::State& state) { function(state, shape); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->MinTime(0.1);
  };
  for (const Shape& shape : kShapes) {
    add(shape, "bfloat16", run<Bfloat16>);
    if (shape.links != Links::kNetworks || shape.path == CudaMixPath::kPerFactor) {
      add(shape, "float", run<float>);
    }
  }
}

}  // namespace
}  // namespace paramixer

int main(int argc, char** argv) {
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    std::cerr << "cuda_bench: no CUDA device\n";
    return 1;
  }
  paramixer::register_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
