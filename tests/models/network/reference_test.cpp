#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

#include <torch/torch.h>

#include "core/base/error.hpp"
#include "io/tensors/safetensors.hpp"
#include "models/explain/exact_attribution.hpp"
#include "models/explain/model_links.hpp"
#include "models/file/model_file.hpp"
#include "models/file/published_settings.hpp"
#include "tests/models/model_cases.hpp"

// Forward, loss and every gradient against the outputs of the published code.

namespace paramixer {
namespace {

constexpr double kTolerance = 1e-4;

std::filesystem::path reference_folder() {
  const char* folder = std::getenv("PARAMIXER_REFERENCE_DIR");
  return folder != nullptr ? folder : PARAMIXER_TEST_DATA "/reference";
}

std::vector<std::string> reference_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(reference_folder())) {
    if (entry.path().extension() == ".safetensors") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

double relative_error(const torch::Tensor& actual, const torch::Tensor& expected) {
  const auto difference = (actual.to(torch::kDouble) - expected.to(torch::kDouble)).norm();
  return (difference / expected.to(torch::kDouble).norm().clamp_min(1e-30)).item<double>();
}

/// A reference file with the model it describes.
struct Reference {
  explicit Reference(const std::string& name)
      : file(read_safetensors((reference_folder() / (name + ".safetensors")).string())) {
    const ModelConfig config = config_from_published(file.metadata.at("config"));
    model = std::make_shared<Paramixer>(config, std::make_shared<MixEngine>(2));
    std::map<std::string, StoredTensor> weights;
    for (const auto& [key, tensor] : file.tensors) {
      if (key.starts_with("param.")) weights[key.substr(6)] = tensor;
    }
    assign_weights(*model, weights);
    model->eval();
  }

  torch::Tensor tensor(const std::string& key) const {
    return restore_tensor(file.tensors.at(key));
  }

  ModelInput input() const {
    const torch::Tensor stored = tensor("input");
    const std::int64_t sequences = stored.size(0);
    const std::int64_t length = stored.size(1);
    ModelInput input;
    if (model->config().input == InputKind::kReal) {
      input.real_tc = stored.view({sequences * length, -1});
    } else {
      input.tokens_t = stored.reshape({-1}).to(torch::kInt32);
    }
    for (std::int64_t b = 0; b <= sequences; ++b) input.starts.push_back(b * length);
    input.valid.assign(static_cast<std::size_t>(sequences), length);
    return input;
  }

  torch::Tensor loss_of(const torch::Tensor& logits) const {
    return model->config().task == TaskKind::kRegress
               ? torch::mse_loss(logits.view({-1}), tensor("target").view({-1}))
               : torch::nn::functional::cross_entropy(logits, tensor("target").view({-1}));
  }

  TensorFile file;
  std::shared_ptr<Paramixer> model;
};

class ReferenceTest : public testing::TestWithParam<std::string> {};

TEST_P(ReferenceTest, LogitsAndLossAgree) {
  const Reference reference(GetParam());
  const torch::NoGradGuard no_gradients;
  const torch::Tensor logits = reference.model->forward(reference.input());
  EXPECT_LT(relative_error(logits, reference.tensor("logits")), kTolerance);
  EXPECT_LT(relative_error(reference.loss_of(logits).view({1}), reference.tensor("loss")),
            kTolerance);
}

TEST_P(ReferenceTest, FrozenModelGivesTheSameLogits) {
  const Reference reference(GetParam());
  reference.model->freeze();
  const torch::InferenceMode no_gradients;
  const torch::Tensor logits = reference.model->forward(reference.input());
  EXPECT_LT(relative_error(logits, reference.tensor("logits")), kTolerance);
}

TEST_P(ReferenceTest, EveryGradientAgrees) {
  const Reference reference(GetParam());
  reference.loss_of(reference.model->forward(reference.input())).backward();
  std::set<std::string> checked;
  for (const auto& parameter : reference.model->named_parameters()) {
    const torch::Tensor expected = reference.tensor("grad." + parameter.key());
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_LT(relative_error(parameter.value().grad(), expected), kTolerance) << parameter.key();
    checked.insert("grad." + parameter.key());
  }
  for (const auto& [name, stored] : reference.file.tensors) {
    if (!name.starts_with("grad.") || checked.contains(name)) continue;
    EXPECT_EQ(restore_tensor(stored).abs().max().item<float>(), 0.0F)
        << name << " is not zero, but the model has no such parameter";
  }
}

TEST_P(ReferenceTest, EagerMixingAgreesInDoublePrecision) {
  const Reference reference(GetParam());
  reference.model->to(torch::kDouble);
  ModelInput input = reference.input();
  if (input.real_tc.defined()) input.real_tc = input.real_tc.to(torch::kDouble);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor logits = reference.model->forward(input);
  EXPECT_LT(relative_error(logits, reference.tensor("logits")), kTolerance);
}

TEST_P(ReferenceTest, ExactAttributionsAddUpToTheLogits) {
  const Reference reference(GetParam());
  Paramixer& model = *reference.model;
  if (!has_exact_attribution(model.config())) GTEST_SKIP() << "more than one block";
  const torch::NoGradGuard no_gradients;
  const torch::Tensor logits = reference.tensor("logits").to(torch::kDouble);
  const ModelInput input = reference.input();
  ThreadPool pool(2);
  for (std::size_t s = 0; s < input.valid.size(); ++s) {
    const ModelInput sequence = test::sequence_of(input, s);
    ExactAttribution attribution(model, sequence,
                                 make_link_source(model, sequence, 0, nullptr, pool), {}, pool);
    for (std::int64_t c = 0; c < model.config().outputs(); ++c) {
      torch::Tensor weights_c = torch::zeros({model.config().outputs()}, torch::kDouble);
      weights_c[c] = 1.0;
      const PositionParts parts = attribution.parts(weights_c);
      const double sum = std::accumulate(parts.parts.begin(), parts.parts.end(), parts.bias);
      const auto logit =
          logits.view({-1, model.config().outputs()})[static_cast<std::int64_t>(s)][c]
              .item<double>();
      EXPECT_NEAR(sum, logit, kTolerance * std::abs(logit));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ReferenceTest, testing::ValuesIn(reference_names()),
                         [](const auto& row) { return row.param; });

TEST(ReferenceFolderTest, HoldsFiles) { EXPECT_GE(reference_names().size(), 9U); }

}  // namespace
}  // namespace paramixer
