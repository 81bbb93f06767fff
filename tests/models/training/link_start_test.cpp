#include "models/training/link_start.hpp"

#include <gtest/gtest.h>

#include "tests/models/model_cases.hpp"

namespace paramixer {
namespace {

using test::random_input;
using test::random_model;
using test::small_config;
using test::with_weights_of;

ModelConfig two_blocks() {
  ModelConfig config = small_config();
  config.blocks = 2;
  return config;
}

torch::Tensor logits_of(Paramixer& model) {
  const torch::NoGradGuard no_gradients;
  return model.forward(random_input(model.config(), 2));
}

TEST(LinkStart, IdentityMakesEveryBlockMixNothing) {
  const auto model = random_model(two_blocks(), 1);
  const torch::Tensor mixed = logits_of(*model);
  start_links(*model, LinkStart::kIdentity);
  const torch::Tensor started = logits_of(*model);
  EXPECT_FALSE(torch::allclose(started, mixed));
  model->set_active_factors(0);
  EXPECT_TRUE(torch::equal(started, logits_of(*model)));
}

TEST(LinkStart, LinksThatStartAsTheIdentityCanLeaveIt) {
  const auto model = random_model(two_blocks(), 1);
  start_links(*model, LinkStart::kIdentity);
  for (const auto& [name, gradient] :
       test::gradients_of(*model, random_input(model->config(), 2))) {
    if (name.find(".fs.") != std::string::npos && name.ends_with("network.2.weight")) {
      EXPECT_GT(gradient.norm().item<float>(), 0.0F) << name;
    }
  }
}

TEST(LinkStart, PublishedLeavesTheDefaultInitialisation) {
  const auto model = random_model(two_blocks(), 1);
  const auto before = with_weights_of(*model, two_blocks());
  start_links(*model, LinkStart::kPublished);
  for (const auto& parameter : model->named_parameters()) {
    EXPECT_TRUE(torch::equal(parameter.value(), before->named_parameters()[parameter.key()]));
  }
}

TEST(LinkStart, FullSizeLinksHaveAVarianceOfOneOverTheirNumber) {
  for (const Protocol protocol : {Protocol::kChord, Protocol::kDilated}) {
    ModelConfig config = two_blocks();
    config.embedding = 32;
    config.hidden = 128;
    config.protocol = protocol;
    const auto model = random_model(config, 1);
    start_links(*model, LinkStart::kFullSize);
    const torch::NoGradGuard no_gradients;
    const torch::Tensor embeddings = torch::randn({2000, 32});
    const auto links = static_cast<double>(config.link_pattern().links());
    for (std::int64_t b = 0; b < 2; ++b) {
      for (const torch::Tensor& weights : model->block(b).links(embeddings, 4)) {
        EXPECT_NEAR(links * weights.square().mean().item<double>(), 1.0, 0.35);
      }
    }
  }
}

TEST(LinkStart, OtherWeightsStay) {
  for (const LinkStart start : {LinkStart::kIdentity, LinkStart::kFullSize}) {
    const auto model = random_model(two_blocks(), 1);
    const auto before = with_weights_of(*model, two_blocks());
    start_links(*model, start);
    for (const auto& parameter : model->named_parameters()) {
      if (parameter.key().find(".fs.") != std::string::npos) continue;
      EXPECT_TRUE(torch::equal(parameter.value(), before->named_parameters()[parameter.key()]))
          << parameter.key();
    }
  }
}

TEST(LinkStart, JoiningFactorsLeaveTheEarlierOnesAlone) {
  const auto model = random_model(two_blocks(), 1);
  const auto before = with_weights_of(*model, two_blocks());
  start_factors_as_identity(*model, 3);
  for (const auto& parameter : model->named_parameters()) {
    const bool joins = parameter.key().find(".fs.3.network.2.") != std::string::npos;
    EXPECT_EQ(torch::equal(parameter.value(), before->named_parameters()[parameter.key()]), !joins)
        << parameter.key();
  }
  EXPECT_NO_THROW(start_factors_as_identity(*model, 4));
}

}  // namespace
}  // namespace paramixer
