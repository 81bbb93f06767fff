#include <cuda_runtime_api.h>
#include <gtest/gtest.h>
#include <memory>
#include <numeric>

#include "core/kernels/cuda/fused_cuda.hpp"
#include "core/kernels/cuda/mix_cuda.hpp"
#include "tests/core/kernels/mix/stored_case.hpp"

// The kernels on a device, against the reference through the table of cases. Skipped, with the
// reason, where no device can run them; cuda_threads_test.cpp checks their arithmetic anywhere.

namespace paramixer {
namespace {

void expect_done(cudaError_t status) {
  ASSERT_EQ(status, cudaSuccess) << cudaGetErrorString(status);
}

/// An array in device memory.
template <typename T>
class DeviceArray {
 public:
  explicit DeviceArray(std::int64_t count) : count_(count) {
    expect_done(
        cudaMalloc(&data_, static_cast<std::size_t>(std::max<std::int64_t>(1, count)) * sizeof(T)));
    // NaN in every storage: reading what nobody wrote shows.
    expect_done(cudaMemset(data_, 0xff, static_cast<std::size_t>(count) * sizeof(T)));
  }
  explicit DeviceArray(const std::vector<T>& values)
      : DeviceArray(static_cast<std::int64_t>(values.size())) {
    expect_done(
        cudaMemcpy(data_, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice));
  }
  ~DeviceArray() { cudaFree(data_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  T* get() const { return static_cast<T*>(data_); }
  std::vector<T> values() const { return values(0, count_); }
  std::vector<T> values(std::int64_t first, std::int64_t count) const {
    std::vector<T> result(static_cast<std::size_t>(count));
    expect_done(cudaMemcpy(result.data(), get() + first, result.size() * sizeof(T),
                           cudaMemcpyDeviceToHost));
    return result;
  }

 private:
  void* data_ = nullptr;
  std::int64_t count_;
};

class CudaTest : public testing::Test {
 protected:
  void SetUp() override {
    int devices = 0;
    const cudaError_t status = cudaGetDeviceCount(&devices);
    if (status != cudaSuccess || devices == 0) {
      GTEST_SKIP() << "no CUDA device: " << cudaGetErrorString(status);
    }
    if (!cuda_kernels_run_on(0)) GTEST_SKIP() << "the kernels were not compiled for this device";
  }
};

/// A StoredCase in device memory.
template <typename Real>
struct DeviceCase {
  explicit DeviceCase(const StoredCase<Real>& tested)
      : starts(tested.data.starts),
        offsets(tested.data.pattern.offsets()),
        row_of(tested.data.row_of),
        input(tested.input),
        grad_output(tested.grad_output) {
    for (const auto& table : tested.weights) {
      weights.push_back(std::make_unique<DeviceArray<Real>>(table));
      weight_pointers.push_back(weights.back()->get());
    }
    const MixCaseData<float>& data = tested.data;
    problem.boundary = data.boundary;
    problem.starts = starts.get();
    problem.offsets = offsets.get();
    problem.sequences = static_cast<std::int64_t>(data.starts.size()) - 1;
    problem.positions = tested.positions();
    for (std::size_t b = 0; b + 1 < data.starts.size(); ++b) {
      problem.longest = std::max(problem.longest, data.starts[b + 1] - data.starts[b]);
    }
    problem.channels = data.channels;
    problem.links = tested.links();
    problem.weights.weights = weight_pointers;
    problem.weights.rows = data.rows;
    if (!data.row_of.empty()) problem.weights.row_of = {row_of.get(), data.row_of.size()};
  }

  DeviceArray<std::int64_t> starts;
  DeviceArray<std::int64_t> offsets;
  DeviceArray<std::int32_t> row_of;
  DeviceArray<Real> input;
  DeviceArray<Real> grad_output;
  std::vector<std::unique_ptr<DeviceArray<Real>>> weights;
  std::vector<const Real*> weight_pointers;
  CudaMixProblem<Real> problem;
};

template <typename Real>
struct CudaResult {
  std::vector<Real> output;
  std::vector<Real> states;
  std::vector<Real> grad_input;
  std::vector<std::vector<Real>> grad_weights;
};

/// The positions of a case sorted by row, on the host.
std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>> row_order(
    const MixCaseData<float>& data) {
  std::vector<std::int64_t> position(data.row_of.size());
  std::iota(position.begin(), position.end(), 0);
  std::stable_sort(position.begin(), position.end(), [&](std::int64_t a, std::int64_t b) {
    return data.row_of[static_cast<std::size_t>(a)] < data.row_of[static_cast<std::size_t>(b)];
  });
  std::vector<std::int64_t> begin(static_cast<std::size_t>(data.rows) + 1, 0);
  for (const std::int32_t row : data.row_of) ++begin[static_cast<std::size_t>(row) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  return {position, begin};
}

template <typename Real>
CudaResult<Real> run_device(const StoredCase<Real>& tested, CudaMixPath path) {
  const DeviceCase<Real> device(tested);
  const std::int64_t size = tested.size();
  const std::int64_t between = std::max<std::int64_t>(1, tested.data.pattern.factors()) - 1;
  const DeviceArray<Real> output(size);
  const DeviceArray<Real> states(between * size);
  const DeviceArray<Real> grad_input(size);
  const DeviceArray<Real> scratch(std::max<std::int64_t>(1, between) * size);
  const DeviceArray<float> table(cuda_table_scratch(device.problem));
  const auto [position, begin] = row_order(tested.data);
  const DeviceArray<std::int64_t> position_array(position);
  const DeviceArray<std::int64_t> begin_array(begin);
  std::vector<std::unique_ptr<DeviceArray<Real>>> grads;
  std::vector<Real*> grad_pointers;
  for (const auto& weights : tested.weights) {
    grads.push_back(std::make_unique<DeviceArray<Real>>(static_cast<std::int64_t>(weights.size())));
    grad_pointers.push_back(grads.back()->get());
  }
  mix_forward_cuda<Real>(device.problem, {device.input.get(), output.get(), states.get()}, {}, path,
                         {});
  mix_backward_cuda<Real>(
      device.problem,
      {device.input.get(), states.get(), device.grad_output.get(), grad_input.get(), grad_pointers},
      {position_array.get(), begin_array.get()}, {scratch.get(), table.get()}, path, {});
  expect_done(cudaDeviceSynchronize());
  CudaResult<Real> result{output.values(), states.values(), grad_input.values(), {}};
  for (const auto& grad : grads) result.grad_weights.push_back(grad->values());

  const DeviceArray<Real> plain(size);
  mix_forward_cuda<Real>(device.problem, {device.input.get(), plain.get(), nullptr},
                         {scratch.get(), nullptr}, path, {});
  EXPECT_EQ(widened(plain.values()), widened(result.output)) << "without states";
  return result;
}

template <typename Real>
void check_path(const MixCase& mix_case, CudaMixPath path) {
  const StoredCase<Real> tested(mix_case);
  if (path == CudaMixPath::kOnChip && !cuda_mix_fits_on_chip(DeviceCase<Real>(tested).problem, 0)) {
    return;
  }
  constexpr double kTolerance = sizeof(Real) == 4 ? 2e-6 : 1.5e-2;
  const CudaResult<Real> result = run_device(tested, path);
  EXPECT_LT(relative_error(result.output, tested.output), kTolerance);
  EXPECT_LT(relative_error(result.states, tested.states), kTolerance);
  EXPECT_LT(relative_error(result.grad_input, tested.grad_input), kTolerance);
  for (std::size_t m = 0; m < tested.grad_weights.size(); ++m) {
    EXPECT_LT(relative_error(result.grad_weights[m], tested.grad_weights[m]), 2 * kTolerance) << m;
  }
  const CudaResult<Real> again = run_device(tested, path);
  EXPECT_EQ(widened(again.output), widened(result.output));
  EXPECT_EQ(widened(again.grad_input), widened(result.grad_input));
  for (std::size_t m = 0; m < tested.grad_weights.size(); ++m) {
    EXPECT_EQ(widened(again.grad_weights[m]), widened(result.grad_weights[m])) << m;
  }
}

class MixCudaTest : public CudaTest, public testing::WithParamInterface<MixCase> {};

TEST_P(MixCudaTest, KernelsByFactorAgreeWithTheReference) {
  check_path<float>(GetParam(), CudaMixPath::kPerFactor);
  check_path<Bfloat16>(GetParam(), CudaMixPath::kPerFactor);
}

TEST_P(MixCudaTest, OnChipKernelAgreesWithTheReference) {
  check_path<float>(GetParam(), CudaMixPath::kOnChip);
  check_path<Bfloat16>(GetParam(), CudaMixPath::kOnChip);
}

/// The first values of a folded case looked up by row, against the same in memory.
template <typename Real>
void check_looked_up(const StoredCase<Real>& tested, CudaMixPath path) {
  const MixCaseData<float>& data = tested.data;
  const std::int64_t channels = data.channels;
  std::vector<Real> per_row;
  for (std::int64_t n = 0; n < data.rows * channels; ++n) {
    per_row.push_back(from_float<Real>(std::sin(static_cast<float>(n))));
  }
  std::vector<Real> values;
  for (const std::int32_t row : data.row_of) {
    const auto first = per_row.begin() + row * channels;
    values.insert(values.end(), first, first + channels);
  }
  DeviceCase<Real> device(tested);
  const DeviceArray<Real> table(per_row);
  const DeviceArray<Real> in_memory(values);
  const DeviceArray<Real> copied(tested.size());
  copy_rows_cuda<Real>(
      {table.get(), device.row_of.get(), tested.positions(), channels, copied.get()}, {});
  EXPECT_EQ(widened(copied.values()), widened(values));
  const DeviceArray<Real> expected(tested.size());
  const DeviceArray<Real> looked_up(tested.size());
  const DeviceArray<Real> scratch(tested.size());
  mix_forward_cuda<Real>(device.problem, {in_memory.get(), expected.get(), nullptr},
                         {scratch.get(), nullptr}, path, {});
  device.problem.input_row = device.row_of.get();
  mix_forward_cuda<Real>(device.problem, {table.get(), looked_up.get(), nullptr},
                         {scratch.get(), nullptr}, path, {});
  expect_done(cudaDeviceSynchronize());
  EXPECT_EQ(widened(looked_up.values()), widened(expected.values()));
}

TEST_P(MixCudaTest, FirstValuesMayBeLookedUpByRow) {
  const StoredCase<Bfloat16> in_bfloat16(GetParam());
  if (in_bfloat16.data.row_of.empty() || in_bfloat16.weights.empty()) return;
  check_looked_up(in_bfloat16, CudaMixPath::kPerFactor);
  if (!cuda_mix_fits_on_chip(DeviceCase<Bfloat16>(in_bfloat16).problem, 0)) return;
  check_looked_up(in_bfloat16, CudaMixPath::kOnChip);
}

/// Sequences as long as the on-chip kernel's two shapes take them, besides the usual cases.
std::vector<MixCase> device_cases() {
  std::vector<MixCase> cases = stored_cases();
  cases.push_back({"on_chip_longest_folded", Protocol::kChord, Boundary::kRing, 14, {16384}, 8, 6});
  cases.push_back(
      {"on_chip_longest_dilated", Protocol::kDilated, Boundary::kLinear, 12, {16383}, 8, 5});
  cases.push_back({"many_positions_a_row", Protocol::kChord, Boundary::kRing, 3, {20000}, 32, 5});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Cases, MixCudaTest, testing::ValuesIn(device_cases()),
                         [](const auto& row) { return name_of(row.param); });

/// A FusedCase in device memory.
template <typename Real>
struct DeviceFusedCase {
  explicit DeviceFusedCase(const FusedCase<Real>& fused)
      : device(fused.tested), rows(fused.networks.front().rows) {
    for (const NetworkCase<Real>& network : fused.networks) {
      networks.push_back({store(network.first_weight), store(network.first_bias),
                          store(network.second_weight), store(network.second_bias)});
    }
    problem = {device.problem, networks, rows.get(), fused.shape.inputs, fused.shape.hidden};
    problem.mix.weights = {};
  }

  const Real* store(const std::vector<Real>& values) {
    arrays.push_back(std::make_unique<DeviceArray<Real>>(values));
    return arrays.back()->get();
  }

  DeviceCase<Real> device;
  DeviceArray<Real> rows;
  std::vector<std::unique_ptr<DeviceArray<Real>>> arrays;
  std::vector<LinkMlpWeights<Real>> networks;
  CudaFusedProblem<Real> problem;
};

template <typename Real>
void check_fused(const MixCase& mix_case, std::int64_t inputs, std::int64_t hidden,
                 CudaMixPath path) {
  const FusedCase<Real> cased(mix_case, inputs, hidden);
  const StoredCase<Real>& tested = cased.tested;
  const DeviceFusedCase<Real> fused(cased);
  if (path == CudaMixPath::kOnChip && !fused_fits_on_chip(fused.problem, 0)) return;
  ASSERT_TRUE(fused_mix_fits<Real>({inputs, hidden, tested.links(), fused.problem.mix.longest}, 0));
  const std::int64_t size = tested.size();
  const auto factors = static_cast<std::int64_t>(cased.after.size());
  const DeviceArray<Real> output(size);
  const DeviceArray<Real> states((factors - 1) * size);
  fused_forward_cuda<Real>(fused.problem, {fused.device.input.get(), output.get(), states.get()},
                           {}, path, {});
  expect_done(cudaDeviceSynchronize());
  const std::vector<Real> result = output.values();
  EXPECT_LT(relative_error(result, cased.after.back()), kFusedTolerance<Real>);
  for (std::int64_t m = 0; m + 1 < factors; ++m) {
    EXPECT_LT(
        relative_error(states.values(m * size, size), cased.after[static_cast<std::size_t>(m)]),
        kFusedTolerance<Real>)
        << m;
  }
  const DeviceArray<Real> plain(size);
  const DeviceArray<Real> scratch(size);
  fused_forward_cuda<Real>(fused.problem, {fused.device.input.get(), plain.get(), nullptr},
                           {scratch.get(), nullptr}, path, {});
  EXPECT_EQ(widened(plain.values()), widened(result)) << "without states";
  const DeviceArray<Real> links(tested.positions() * tested.links());
  fused_links_cuda<Real>(fused.problem, factors - 1, links.get(), {});
  EXPECT_LT(relative_error(links.values(), cased.networks.back().links), kLinkTolerance<Real>);
}

class FusedCudaTest : public CudaTest, public testing::WithParamInterface<MixCase> {};

TEST_P(FusedCudaTest, KernelsByFactorAgreeWithPlainLoops) {
  check_fused<float>(GetParam(), 32, 128, CudaMixPath::kPerFactor);
  check_fused<Bfloat16>(GetParam(), 32, 128, CudaMixPath::kPerFactor);
  check_fused<float>(GetParam(), 13, 7, CudaMixPath::kPerFactor);
  check_fused<Bfloat16>(GetParam(), 17, 33, CudaMixPath::kPerFactor);
}

TEST_P(FusedCudaTest, OnChipKernelAgreesWithPlainLoops) {
  check_fused<Bfloat16>(GetParam(), 32, 128, CudaMixPath::kOnChip);
  check_fused<Bfloat16>(GetParam(), 24, 33, CudaMixPath::kOnChip);
}

/// The cases of the table, and sequences that fill the clusters of the on-chip kernel.
std::vector<MixCase> long_fused_cases() {
  std::vector<MixCase> cases = fused_cases();
  cases.push_back(
      {"clusters_of_eight", Protocol::kChord, Boundary::kRing, 14, {16384, 9000}, 32, 0});
  cases.push_back(
      {"clusters_of_three", Protocol::kDilated, Boundary::kLinear, 11, {5000, 1, 4097}, 32, 0});
  cases.push_back({"wide_clusters", Protocol::kChord, Boundary::kRing, 13, {8191, 1025}, 64, 0});
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Cases, FusedCudaTest, testing::ValuesIn(long_fused_cases()),
                         [](const auto& row) { return name_of(row.param); });

TEST_F(CudaTest, AGraphOfTheKernelsByFactorRepeatsThem) {
  const StoredCase<float> tested({"", Protocol::kChord, Boundary::kRing, 12, {20000, 3}, 32, 6});
  const DeviceCase<float> device(tested);
  const DeviceArray<float> output(tested.size());
  const DeviceArray<float> scratch(tested.size());
  cudaStream_t stream = nullptr;
  expect_done(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  const auto queue = [&] {
    mix_forward_cuda<float>(device.problem, {device.input.get(), output.get(), nullptr},
                            {scratch.get(), nullptr}, CudaMixPath::kPerFactor, {0, stream});
  };
  queue();
  expect_done(cudaStreamSynchronize(stream));
  const std::vector<float> expected = output.values();

  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  expect_done(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
  queue();
  expect_done(cudaStreamEndCapture(stream, &graph));
  expect_done(cudaGraphInstantiate(&executable, graph, 0));
  expect_done(cudaMemset(output.get(), 0xff, static_cast<std::size_t>(tested.size()) * 4));
  expect_done(cudaDeviceSynchronize());
  expect_done(cudaGraphLaunch(executable, stream));
  expect_done(cudaStreamSynchronize(stream));
  EXPECT_EQ(output.values(), expected);
  EXPECT_LT(relative_error(expected, tested.output), 2e-6);
  cudaGraphExecDestroy(executable);
  cudaGraphDestroy(graph);
  cudaStreamDestroy(stream);
}

/// A number between -1 and 1 that follows from an element's index, the same on both sides.
PARAMIXER_HOST_DEVICE float number_at(std::int64_t index) {
  const auto bits = static_cast<std::uint64_t>(index) * 0x9e3779b97f4a7c15ULL;
  return static_cast<float>(bits >> 40) * (2.0F / 16777216.0F) - 1.0F;
}

__global__ void fill(Bfloat16* values, std::int64_t count) {
  const std::int64_t stride = std::int64_t{gridDim.x} * blockDim.x;
  for (std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    values[i] = from_float<Bfloat16>(number_at(i));
  }
}

TEST_F(CudaTest, MoreThanTwoToThe31Elements) {
  constexpr std::int64_t kChannels = 32;
  constexpr std::int64_t kLength = std::int64_t{1} << 26;
  constexpr std::int64_t kPositions = kLength + 4096;
  static_assert(kPositions * kChannels > std::int64_t{1} << 31);
  std::size_t free = 0;
  std::size_t total = 0;
  expect_done(cudaMemGetInfo(&free, &total));
  const std::size_t needed = 2 * kPositions * kChannels * sizeof(Bfloat16);
  if (free < needed + (std::size_t{1} << 28))
    GTEST_SKIP() << "less than 9 GB of device memory free";

  const LinkPattern pattern(Protocol::kChord, 26);
  const std::int64_t m = 0;
  const std::vector<std::int64_t> starts{0, kLength, kPositions};
  std::vector<Bfloat16> weights;
  for (std::int64_t k = 0; k < pattern.links(); ++k) weights.push_back(from_float<Bfloat16>(0.25F));
  const DeviceArray<std::int64_t> starts_array(starts);
  const DeviceArray<std::int64_t> offsets(pattern.offsets());
  const DeviceArray<Bfloat16> weight_array(weights);
  DeviceArray<std::int32_t> rows(std::vector<std::int32_t>(kPositions, 0));
  const DeviceArray<Bfloat16> input(kPositions * kChannels);
  const DeviceArray<Bfloat16> output(kPositions * kChannels);
  fill<<<4096, 256>>>(input.get(), kPositions * kChannels);
  const Bfloat16* table = weight_array.get();
  CudaMixProblem<Bfloat16> problem;
  problem.starts = starts_array.get();
  problem.offsets = offsets.get();
  problem.sequences = 2;
  problem.positions = kPositions;
  problem.longest = kLength;
  problem.channels = kChannels;
  problem.links = pattern.links();
  problem.weights = {{&table, 1}, 1, {rows.get(), static_cast<std::size_t>(kPositions)}};
  mix_forward_cuda<Bfloat16>(problem, {input.get(), output.get(), nullptr}, {},
                             CudaMixPath::kPerFactor, {});
  expect_done(cudaDeviceSynchronize());
  for (const std::int64_t t :
       {std::int64_t{0}, kLength - 1, kLength, kPositions - 1, kLength / 2 + 12345}) {
    const std::int64_t start = t < kLength ? 0 : kLength;
    const std::int64_t length = t < kLength ? kLength : kPositions - kLength;
    const auto stored_at = [&](std::int64_t position, std::int64_t c) {
      return to_float(from_float<Bfloat16>(number_at(position * kChannels + c)));
    };
    const std::vector<Bfloat16> actual = output.values(t * kChannels, kChannels);
    for (std::int64_t c = 0; c < kChannels; ++c) {
      double expected = stored_at(t, c);
      for (std::int64_t k = 0; k < pattern.links(); ++k) {
        const std::int64_t j =
            link_target(t - start, pattern.offset(m, k), length, Boundary::kRing);
        expected += 0.25 * stored_at(start + j, c);
      }
      EXPECT_NEAR(to_float(actual[static_cast<std::size_t>(c)]), expected,
                  0.01 * std::max(1.0, std::abs(expected)))
          << t << " " << c;
    }
  }
}

}  // namespace
}  // namespace paramixer
