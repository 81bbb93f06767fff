#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "models/network/paramixer.hpp"

namespace paramixer::test {

/// A model of one combination of options, small enough for numerical derivatives.
struct ModelCase {
  std::string name;
  ModelConfig config{};
};

/// Combinations in which every option of ModelConfig appears.
std::vector<ModelCase> model_cases();

/// 2-mers, mean pooling, up to 16 tokens: one case to vary.
ModelConfig small_config();

/// A model with random weights, biases and norms, in evaluation mode; links of a size that matters.
std::shared_ptr<Paramixer> random_model(const ModelConfig& config, std::uint64_t seed);

/// A model with the same weights and another configuration, or another number of threads.
std::shared_ptr<Paramixer> with_weights_of(const Paramixer& model, const ModelConfig& config,
                                           int threads = 1);

/// Sequences of 1 to 16 random positions without PAD; padded where the length is fixed.
ModelInput random_input(const ModelConfig& config, std::uint64_t seed);
/// The same with given numbers of positions.
ModelInput random_input(const ModelConfig& config, const std::vector<std::int64_t>& lengths,
                        std::uint64_t seed);
/// One sequence of a batch.
ModelInput sequence_of(const ModelInput& input, std::size_t sequence);

/// Gradients of the sum of logits, each times a fixed random number, by parameter name; empty
/// tensors become zeros.
std::vector<std::pair<std::string, torch::Tensor>> gradients_of(Paramixer& model,
                                                                const ModelInput& input);
/// That sum.
torch::Tensor weighted_sum(const torch::Tensor& logits);

/// |actual - expected| / |expected|, Euclidean.
double relative_error(const torch::Tensor& actual, const torch::Tensor& expected);

}  // namespace paramixer::test
