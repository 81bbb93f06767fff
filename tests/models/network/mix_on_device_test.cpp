#include <gtest/gtest.h>
#include <limits>
#include <optional>

#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "models/network/device.hpp"
#include "models/network/fused_mix_function.hpp"
#include "models/network/row_lookup.hpp"
#include "tests/models/model_cases.hpp"

// Mixing and whole models on a CUDA device against the CPU. Skipped, with the reason, without one.

namespace paramixer {
namespace {

using test::relative_error;

/// Operands of mix() or mix_fused() with the gradients that a backward pass leaves in them.
struct Operands {
  torch::Tensor values;
  std::vector<torch::Tensor> links;
  torch::Tensor rows;  ///< Rows of the folded links' table, or undefined.
  torch::Tensor inputs;
  std::vector<LinkMlpTensors> networks;

  std::vector<torch::Tensor*> leaves() {
    std::vector<torch::Tensor*> result{&values, &inputs};
    for (auto& link : links) result.push_back(&link);
    for (auto& network : networks) {
      result.insert(result.end(),
                    {&network.first, &network.first_bias, &network.second, &network.second_bias});
    }
    return result;
  }

  Operands on(const torch::Device& device, torch::ScalarType type) const {
    Operands copy = *this;
    for (torch::Tensor* leaf : copy.leaves()) {
      *leaf = leaf->detach().to(device, type).clone().set_requires_grad(true);
    }
    if (rows.defined()) copy.rows = rows.to(device);
    return copy;
  }
};

struct DeviceCase {
  const char* name;
  LinkPattern pattern;
  Boundary boundary;
  std::vector<std::int64_t> starts;
  std::int64_t channels;
};

std::vector<DeviceCase> device_cases() {
  return {
      {"odd", LinkPattern(Protocol::kDilated, 4), Boundary::kLinear, {0, 1, 3, 8, 24, 33}, 5},
      {"ring", LinkPattern(Protocol::kChord, 7), Boundary::kRing, {0, 100, 100, 101, 300}, 32},
      {"published", LinkPattern(Protocol::kChord, 14), Boundary::kRing, {0, 16384, 32768}, 32},
      {"wide", LinkPattern(Protocol::kChord, 5), Boundary::kLinear, {0, 3000, 5000}, 64},
      {"beyond_the_chip", LinkPattern(Protocol::kChord, 8), Boundary::kRing, {0, 40001}, 8},
  };
}

constexpr std::int64_t kTableRows = 7;
constexpr std::int64_t kHidden = 24;

enum class Feed { kFolded, kDense, kFused };

Operands operands_for(const DeviceCase& row, Feed feed) {
  torch::manual_seed(1);
  const std::int64_t positions = row.starts.back();
  const std::int64_t links = row.pattern.links();
  Operands operands{
      torch::randn({positions, row.channels}), {}, {}, torch::randn({positions, row.channels}), {}};
  if (feed == Feed::kFolded) operands.rows = torch::randint(kTableRows, {positions}, torch::kInt32);
  const std::int64_t rows = feed == Feed::kFolded ? kTableRows : positions;
  for (std::int64_t m = 0; m < row.pattern.factors(); ++m) {
    if (feed == Feed::kFused) {
      operands.networks.push_back({0.2 * torch::randn({kHidden, row.channels}),
                                   torch::randn({kHidden}), 0.04 * torch::randn({links, kHidden}),
                                   0.1 * torch::randn({links})});
    } else {
      operands.links.push_back(0.1 * torch::randn({rows, links}));
    }
  }
  return operands;
}

c10::intrusive_ptr<MixPlan> plan_of(const DeviceCase& row) {
  return c10::make_intrusive<MixPlan>(std::make_shared<MixEngine>(2), row.pattern, row.boundary,
                                      row.starts);
}

torch::Tensor run(const c10::intrusive_ptr<MixPlan>& plan, const Operands& operands) {
  if (operands.networks.empty()) return mix(plan, operands.values, operands.links, operands.rows);
  const auto engine = std::make_shared<FusedMixEngine>(plan->engine->pool());
  return mix_fused(plan, engine, operands.values, operands.inputs, operands.networks);
}

class MixOnDevice : public testing::Test {
 protected:
  void SetUp() override {
    const DeviceChoice choice = choose_device("auto");
    if (choice.device == "cpu") GTEST_SKIP() << choice.reason;
    device_ = torch::Device(choice.device);
  }

  /// Values and gradients on the device in `type` against those on the CPU.
  void expect_agreement(Feed feed, torch::ScalarType type, double tolerance) const {
    for (const DeviceCase& row : device_cases()) {
      SCOPED_TRACE(row.name);
      const auto plan = plan_of(row);
      // Rounding by the type is not an error of the kernels.
      const Operands rounded = operands_for(row, feed).on(torch::kCPU, type);
      Operands expected = rounded.on(torch::kCPU, torch::kFloat);
      Operands actual = rounded.on(*device_, type);
      const torch::Tensor weights = torch::randn_like(expected.values).to(type);
      const torch::Tensor output = run(plan, actual);
      const torch::Tensor yardstick = run(plan, expected);
      EXPECT_EQ(output.device(), *device_);
      EXPECT_EQ(output.scalar_type(), type);
      EXPECT_LT(relative_error(output.cpu(), yardstick), tolerance);
      (output * weights.to(*device_)).sum().backward();
      (yardstick * weights.to(torch::kFloat)).sum().backward();
      const auto leaves = actual.leaves();
      const auto expected_leaves = expected.leaves();
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        const torch::Tensor gradient = expected_leaves[i]->grad();
        if (!gradient.defined()) continue;
        EXPECT_LT(relative_error(leaves[i]->grad().cpu(), gradient), 2 * tolerance) << i;
      }
    }
  }

  std::optional<torch::Device> device_;
};

TEST_F(MixOnDevice, FoldedLinksAgreeWithTheCpu) {
  expect_agreement(Feed::kFolded, torch::kFloat, 1e-5);
  expect_agreement(Feed::kFolded, torch::kBFloat16, 3e-2);
}

TEST_F(MixOnDevice, DenseLinksAgreeWithTheCpu) {
  expect_agreement(Feed::kDense, torch::kFloat, 1e-5);
  expect_agreement(Feed::kDense, torch::kBFloat16, 3e-2);
}

TEST_F(MixOnDevice, FusedLinksAgreeWithTheCpu) {
  expect_agreement(Feed::kFused, torch::kFloat, 2e-5);
  expect_agreement(Feed::kFused, torch::kBFloat16, 4e-2);
}

TEST_F(MixOnDevice, ManySequencesFillTheDeviceAndStayOnTheChip) {
  std::vector<std::int64_t> starts{0};
  for (int b = 0; b < 200; ++b) starts.push_back(starts.back() + 2000 + b);
  const DeviceCase row{"many", LinkPattern(Protocol::kChord, 11), Boundary::kRing, starts, 32};
  const auto plan = plan_of(row);
  const torch::NoGradGuard no_gradients;
  for (const Feed feed : {Feed::kFolded, Feed::kDense, Feed::kFused}) {
    const Operands operands = operands_for(row, feed).on(torch::kCPU, torch::kBFloat16);
    const torch::Tensor expected = run(plan, operands.on(torch::kCPU, torch::kFloat));
    EXPECT_LT(relative_error(run(plan, operands.on(*device_, torch::kBFloat16)).cpu(), expected),
              4e-2);
  }
}

TEST_F(MixOnDevice, LookedUpRowsGiveWhatValuesInMemoryGive) {
  const torch::NoGradGuard no_gradients;
  for (const DeviceCase& row : device_cases()) {
    SCOPED_TRACE(row.name);
    const auto plan = plan_of(row);
    const Operands operands = operands_for(row, Feed::kFolded).on(*device_, torch::kFloat);
    const torch::Tensor per_row =
        torch::randn({kTableRows, row.channels}, operands.values.options());
    const torch::Tensor values = at_positions(per_row, operands.rows);
    EXPECT_TRUE(torch::equal(values, per_row.index_select(0, operands.rows)));
    const torch::Tensor expected = mix(plan, values, operands.links, operands.rows);
    EXPECT_TRUE(torch::equal(mix_rows(plan, per_row, operands.links, operands.rows), expected));
    plan->storage = ValueStorage::kBfloat16;
    const torch::Tensor rounded = mix_rows(plan, per_row, operands.links, operands.rows);
    EXPECT_EQ(rounded.scalar_type(), torch::kBFloat16);
    EXPECT_LT(relative_error(rounded.cpu(), expected.cpu()), 3e-2);
  }
}

TEST_F(MixOnDevice, OperandsMayBeginAnywhere) {
  const DeviceCase row = device_cases()[1];
  const auto plan = plan_of(row);
  const torch::NoGradGuard no_gradients;
  Operands operands = operands_for(row, Feed::kFused).on(*device_, torch::kFloat);
  const torch::Tensor expected = run(plan, operands);
  for (torch::Tensor* leaf : operands.leaves()) {
    const torch::Tensor room = torch::empty({leaf->numel() + 1}, leaf->options());
    const torch::Tensor shifted = room.narrow(0, 1, leaf->numel()).view(leaf->sizes());
    *leaf = shifted.copy_(*leaf);
  }
  EXPECT_TRUE(torch::equal(run(plan, operands), expected));
}

TEST_F(MixOnDevice, WorkIsQueuedOnTorchsCurrentStream) {
  const DeviceCase row = device_cases()[2];
  const auto plan = plan_of(row);
  const torch::NoGradGuard no_gradients;
  for (const Feed feed : {Feed::kFolded, Feed::kDense, Feed::kFused}) {
    Operands operands = operands_for(row, feed).on(*device_, torch::kFloat);
    const torch::Tensor expected = run(plan, operands).cpu();
    const torch::Tensor late = operands.values.clone();
    operands.values.fill_(std::numeric_limits<float>::quiet_NaN());
    torch::Tensor slow = torch::randn({4096, 4096}, late.options());
    torch::cuda::synchronize();
    const c10::impl::VirtualGuardImpl streams(torch::kCUDA);
    const c10::StreamGuard side(streams.getStreamFromGlobalPool(*device_));
    // The values arrive only when this is done: kernels on another stream would find NaN.
    for (int n = 0; n < 20; ++n) slow = slow.mm(slow) * 1e-3;
    operands.values.copy_(late);
    EXPECT_TRUE(torch::equal(run(plan, operands).cpu(), expected));
  }
}

using Gradients = std::vector<std::pair<std::string, torch::Tensor>>;

void expect_gradients(const Gradients& actual, const Gradients& expected) {
  for (std::size_t p = 0; p < expected.size(); ++p) {
    // Some are zero in exact arithmetic and rounding here.
    if (expected[p].second.norm().item<double>() < 1e-5) continue;
    EXPECT_LT(relative_error(actual[p].second.cpu(), expected[p].second), 1e-3)
        << expected[p].first;
  }
}

TEST_F(MixOnDevice, WholeModelsGiveTheLogitsAndGradientsOfTheCpu) {
  for (const test::ModelCase& row : test::model_cases()) {
    SCOPED_TRACE(row.name);
    const auto model = test::random_model(row.config, 1);
    ModelInput input = test::random_input(row.config, 2);
    const auto expected = test::gradients_of(*model, input);
    const torch::Tensor logits = model->forward(input);
    model->to(*device_);
    if (input.tokens_t.defined()) input.tokens_t = input.tokens_t.to(*device_);
    if (input.real_tc.defined()) input.real_tc = input.real_tc.to(*device_);
    EXPECT_LT(relative_error(model->forward(input).cpu(), logits), 1e-4);
    expect_gradients(test::gradients_of(*model, input), expected);
  }
}

TEST_F(MixOnDevice, WholeModelsInBfloat16GiveNearlyTheSameLogits) {
  const torch::NoGradGuard no_gradients;
  for (const test::ModelCase& row : test::model_cases()) {
    SCOPED_TRACE(row.name);
    const auto model = test::random_model(row.config, 1);
    ModelInput input = test::random_input(row.config, 2);
    model->freeze();
    const torch::Tensor expected = model->forward(input);
    model->train(false);
    model->to(*device_);
    model->set_storage(ValueStorage::kBfloat16);
    model->freeze();
    if (input.tokens_t.defined()) input.tokens_t = input.tokens_t.to(*device_);
    if (input.real_tc.defined()) input.real_tc = input.real_tc.to(*device_);
    const torch::Tensor logits = model->forward(input);
    EXPECT_EQ(logits.scalar_type(), torch::kFloat);
    const double error = relative_error(logits.cpu(), expected);
    EXPECT_LT(error, 5e-2);
    if (row.config.resolved_factors() > 0) {
      EXPECT_GT(error, 1e-6) << "nothing was rounded";
    }
  }
}

/// Sequences of one length without padding are pooled at once, and a long flattened head is
/// computed in parts: both only on a CUDA device.
TEST_F(MixOnDevice, EvenBatchesGiveTheLogitsAndGradientsOfTheCpu) {
  constexpr std::int64_t kLength = 512;
  for (const Pooling pooling :
       {Pooling::kMean, Pooling::kMax, Pooling::kCls, Pooling::kAttention, Pooling::kFlatten}) {
    SCOPED_TRACE(name_of(pooling));
    ModelConfig config = published_genome_config(kLength, {"first", "second", "third"});
    config.pooling = pooling;
    config.embedding_dropout = config.value_dropout = 0.0;
    const auto model = test::random_model(validated(config), 1);
    ModelInput input;
    input.tokens_t = torch::randint(4, {3 * kLength}, torch::kInt32);
    input.starts = {0, kLength, 2 * kLength, 3 * kLength};
    input.valid = {kLength, kLength, kLength};
    const torch::Tensor logits = model->forward(input);
    const auto expected = test::gradients_of(*model, input);
    model->to(*device_);
    input.tokens_t = input.tokens_t.to(*device_);
    EXPECT_LT(relative_error(model->forward(input).cpu(), logits), 1e-4);
    expect_gradients(test::gradients_of(*model, input), expected);
  }
}

}  // namespace
}  // namespace paramixer
