#include "models/training/adam.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/io/files/test_files.hpp"
#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::message_of;
using test::random_model;
using test::relative_error;
using test::small_config;
using test::with_weights_of;

TrainConfig config_of(OptimizerKind kind) {
  TrainConfig config;
  config.optimizer = kind;
  config.learning_rate = 0.01;
  config.weight_decay = 0.1;
  return config;
}

/// Gives every parameter the gradient of step `step`; the last factor's none.
void set_gradients(Paramixer& model, std::int64_t step) {
  torch::manual_seed(static_cast<std::uint64_t>(100 + step));
  for (auto& parameter : model.named_parameters()) {
    const torch::Tensor gradient = torch::randn_like(parameter.value());
    if (parameter.key().find(".fs.3.") != std::string::npos) continue;
    parameter.value().mutable_grad() = gradient;
  }
}

std::unique_ptr<torch::optim::Optimizer> torch_optimizer(Paramixer& model, OptimizerKind kind) {
  if (kind == OptimizerKind::kAdamW) {
    return std::make_unique<torch::optim::AdamW>(
        model.parameters(), torch::optim::AdamWOptions(0.01).weight_decay(0.1));
  }
  return std::make_unique<torch::optim::Adam>(model.parameters(),
                                              torch::optim::AdamOptions(0.01).weight_decay(0.1));
}

double rate_of(std::int64_t step) { return 0.01 / static_cast<double>(step + 1); }

class AdamTest : public testing::TestWithParam<OptimizerKind> {};

TEST_P(AdamTest, StepsAsTorchsOptimiserDoes) {
  const auto ours = random_model(small_config(), 1);
  const auto theirs = with_weights_of(*ours, small_config());
  Adam adam(*ours, config_of(GetParam()));
  const auto yardstick = torch_optimizer(*theirs, GetParam());
  for (std::int64_t step = 0; step < 6; ++step) {
    adam.zero_grad();
    yardstick->zero_grad();
    set_gradients(*ours, step);
    set_gradients(*theirs, step);
    adam.step(rate_of(step));
    for (auto& group : yardstick->param_groups()) group.options().set_lr(rate_of(step));
    yardstick->step();
    for (const auto& parameter : ours->named_parameters()) {
      EXPECT_LT(relative_error(parameter.value(), theirs->named_parameters()[parameter.key()]),
                1e-6)
          << parameter.key() << " after step " << step;
    }
  }
}

TEST_P(AdamTest, AParameterWithoutGradientStaysAndHasNoMoments) {
  const auto model = random_model(small_config(), 1);
  const auto before = with_weights_of(*model, small_config());
  Adam adam(*model, config_of(GetParam()));
  EXPECT_TRUE(adam.moments().empty());
  set_gradients(*model, 0);
  adam.step(0.01);
  const auto moments = adam.moments();
  for (const auto& parameter : model->named_parameters()) {
    const bool skipped = parameter.key().find(".fs.3.") != std::string::npos;
    EXPECT_EQ(torch::equal(parameter.value(), before->named_parameters()[parameter.key()]), skipped)
        << parameter.key();
    for (const char* part : {"/first", "/second", "/step"}) {
      EXPECT_EQ(moments.contains(parameter.key() + part), !skipped) << parameter.key() << part;
    }
  }
}

TEST_P(AdamTest, RestoredMomentsGoOnBitForBit) {
  const auto first = random_model(small_config(), 1);
  Adam uninterrupted(*first, config_of(GetParam()));
  for (std::int64_t step = 0; step < 3; ++step) {
    uninterrupted.zero_grad();
    set_gradients(*first, step);
    uninterrupted.step(rate_of(step));
  }
  const auto second = with_weights_of(*first, small_config());
  Adam resumed(*second, config_of(GetParam()));
  resumed.restore(uninterrupted.moments());
  for (std::int64_t step = 3; step < 6; ++step) {
    set_gradients(*first, step);
    set_gradients(*second, step);
    uninterrupted.step(rate_of(step));
    resumed.step(rate_of(step));
  }
  for (const auto& parameter : first->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), second->named_parameters()[parameter.key()]))
        << parameter.key();
  }
  const auto expected = uninterrupted.moments();
  for (const auto& [name, tensor] : resumed.moments()) {
    EXPECT_EQ(tensor.bytes, expected.at(name).bytes) << name;
  }
}

TEST_P(AdamTest, MomentsThatDoNotFitAreRefused) {
  const auto model = random_model(small_config(), 1);
  Adam adam(*model, config_of(GetParam()));
  set_gradients(*model, 0);
  adam.step(0.01);
  const auto refusal_after = [&](const std::function<void(StoredTensor&)>& change,
                                 const std::string& name) {
    auto moments = adam.moments();
    change(moments.at(name));
    return message_of([&] { adam.restore(moments); });
  };
  const auto flatten = [](StoredTensor& tensor) { tensor.shape = {tensor.elements()}; };
  const auto retype = [](StoredTensor& tensor) {
    tensor.dtype = DType::kI64;
    tensor.bytes.resize(static_cast<std::size_t>(tensor.elements()) * 8);
  };
  EXPECT_HAS(refusal_after(flatten, "embedding.weight/first"), "'embedding.weight'");
  EXPECT_HAS(refusal_after(flatten, "embedding.weight/second"), "'embedding.weight'");
  EXPECT_HAS(refusal_after(retype, "embedding.weight/first"), "'embedding.weight'");
  EXPECT_HAS(refusal_after(retype, "embedding.weight/second"), "'embedding.weight'");
  EXPECT_HAS(refusal_after([](StoredTensor& tensor) { tensor = store_f32({1}, std::vector{1.0F}); },
                           "embedding.weight/step"),
             "'embedding.weight'");
}

TEST_P(AdamTest, MissingMomentsAreNamed) {
  const auto model = random_model(small_config(), 1);
  Adam adam(*model, config_of(GetParam()));
  set_gradients(*model, 0);
  adam.step(0.01);
  auto moments = adam.moments();
  moments.erase("final.bias/second");
  EXPECT_HAS(message_of([&] { adam.restore(moments); }), "'final.bias/second' is missing");
}

INSTANTIATE_TEST_SUITE_P(Kinds, AdamTest,
                         testing::Values(OptimizerKind::kAdamW, OptimizerKind::kAdam),
                         [](const auto& row) { return name_of(row.param); });

}  // namespace
}  // namespace paramixer
