#include "tests/models/model_cases.hpp"

#include "core/base/random.hpp"

namespace paramixer::test {
namespace {

constexpr std::int64_t kLongest = 16;

ModelCase case_of(const std::string& name, const std::function<void(ModelConfig&)>& change) {
  ModelConfig config = small_config();
  change(config);
  return {name, validated(config)};
}

void published_shape(ModelConfig& config) {
  config.length = LengthKind::kFixed;
  config.position = PositionKind::kLearned;
  config.pooling = Pooling::kFlatten;
  config.norm = NormKind::kNone;
}

std::vector<ModelCase> cases_of_actual_length() {
  return {
      case_of("mean", [](ModelConfig&) {}),
      case_of("max", [](ModelConfig& c) { c.pooling = Pooling::kMax; }),
      case_of("attention", [](ModelConfig& c) { c.pooling = Pooling::kAttention; }),
      case_of("cls", [](ModelConfig& c) { c.pooling = Pooling::kCls; }),
      case_of("linear", [](ModelConfig& c) { c.boundary = Boundary::kLinear; }),
      case_of("dilated", [](ModelConfig& c) { c.protocol = Protocol::kDilated; }),
      case_of("dilated_linear_two_blocks",
              [](ModelConfig& c) {
                c.protocol = Protocol::kDilated;
                c.boundary = Boundary::kLinear;
                c.blocks = 2;
              }),
      case_of("two_blocks", [](ModelConfig& c) { c.blocks = 2; }),
      case_of("links_from_hidden",
              [](ModelConfig& c) {
                c.blocks = 2;
                c.links_from = LinksFrom::kHidden;
              }),
      case_of("no_norm_two_blocks",
              [](ModelConfig& c) {
                c.norm = NormKind::kNone;
                c.blocks = 2;
              }),
      case_of("bag_of_tokens", [](ModelConfig& c) { c.factors = 0; }),
      case_of("values_from_embedding",
              [](ModelConfig& c) { c.values_from = ValuesFrom::kEmbedding; }),
      case_of("bag_of_canonical_words",
              [](ModelConfig& c) {
                c.tokens = {TokenKind::kKmer, 3, "agctn", TokenStrand::kCanonical};
                c.factors = 0;
                c.norm = NormKind::kNone;
                c.values_from = ValuesFrom::kEmbedding;
              }),
      case_of("one_factor", [](ModelConfig& c) { c.factors = 1; }),
      case_of("nucleotides",
              [](ModelConfig& c) {
                c.tokens = {TokenKind::kNucleotide, 1, "agct"};
              }),
      case_of("token_numbers",
              [](ModelConfig& c) {
                c.input = InputKind::kTokens;
                c.vocabulary = 7;
                c.task = TaskKind::kRegress;
              }),
  };
}

std::vector<ModelCase> cases_of_fixed_length() {
  return {
      case_of("published", published_shape),
      case_of("published_without_position",
              [](ModelConfig& c) {
                published_shape(c);
                c.position = PositionKind::kNone;
              }),
      case_of("published_cls_dilated_two_blocks",
              [](ModelConfig& c) {
                published_shape(c);
                c.pooling = Pooling::kCls;
                c.protocol = Protocol::kDilated;
                c.blocks = 2;
              }),
      case_of("fixed_mean", [](ModelConfig& c) { c.length = LengthKind::kFixed; }),
      case_of("fixed_position_attention_hidden",
              [](ModelConfig& c) {
                c.length = LengthKind::kFixed;
                c.position = PositionKind::kLearned;
                c.pooling = Pooling::kAttention;
                c.blocks = 2;
                c.links_from = LinksFrom::kHidden;
              }),
      case_of("real_values",
              [](ModelConfig& c) {
                published_shape(c);
                c.position = PositionKind::kNone;
                c.pooling = Pooling::kCls;
                c.input = InputKind::kReal;
                c.input_channels = 2;
                c.task = TaskKind::kRegress;
              }),
  };
}

}  // namespace

ModelConfig small_config() {
  ModelConfig config;
  config.tokens = {TokenKind::kKmer, 2, "agctn"};
  config.embedding = 4;
  config.hidden = 6;
  config.max_length = kLongest;
  config.classes = {"a", "b", "c"};
  return validated(config);
}

std::vector<ModelCase> model_cases() {
  std::vector<ModelCase> cases = cases_of_actual_length();
  for (auto& fixed : cases_of_fixed_length()) cases.push_back(std::move(fixed));
  return cases;
}

std::shared_ptr<Paramixer> random_model(const ModelConfig& config, std::uint64_t seed) {
  torch::manual_seed(seed);
  auto model = std::make_shared<Paramixer>(config, std::make_shared<MixEngine>(1));
  const torch::NoGradGuard no_gradients;
  for (auto& parameter : model->parameters()) parameter.add_(0.2 * torch::randn_like(parameter));
  model->eval();
  return model;
}

std::shared_ptr<Paramixer> with_weights_of(const Paramixer& model, const ModelConfig& config,
                                           int threads) {
  auto copy = std::make_shared<Paramixer>(config, std::make_shared<MixEngine>(threads));
  const torch::NoGradGuard no_gradients;
  const auto parameters = model.named_parameters();
  for (auto& parameter : copy->named_parameters()) {
    parameter.value().copy_(parameters[parameter.key()]);
  }
  copy->eval();
  return copy;
}

ModelInput random_input(const ModelConfig& config, std::uint64_t seed) {
  return random_input(config, {1, 7, 2, 13, 1, kLongest}, seed);
}

ModelInput random_input(const ModelConfig& config, const std::vector<std::int64_t>& lengths,
                        std::uint64_t seed) {
  const auto pad = static_cast<std::int32_t>(config.vocabulary - 1);
  const bool fixed = config.length == LengthKind::kFixed;
  Random random(seed);
  TokenBatch batch;
  for (const std::int64_t length : lengths) {
    for (auto& token : batch.append(length, fixed ? config.max_length : length, pad)) {
      token = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(std::max(1, pad))));
    }
  }
  ModelInput input = to_model_input(batch, torch::kCPU);
  if (config.input == InputKind::kReal) {
    torch::manual_seed(seed);
    input.real_tc = torch::randn({batch.positions(), config.input_channels});
    input.tokens_t = torch::Tensor();
  }
  return input;
}

ModelInput sequence_of(const ModelInput& input, std::size_t sequence) {
  const std::int64_t start = input.starts[sequence];
  const std::int64_t length = input.starts[sequence + 1] - start;
  ModelInput one;
  if (input.tokens_t.defined()) one.tokens_t = input.tokens_t.narrow(0, start, length).clone();
  if (input.real_tc.defined()) one.real_tc = input.real_tc.narrow(0, start, length).clone();
  one.starts = {0, length};
  one.valid = {input.valid[sequence]};
  return one;
}

torch::Tensor weighted_sum(const torch::Tensor& logits) {
  const auto count = static_cast<double>(logits.numel());
  return (logits * torch::cos(torch::arange(count, logits.options())).view(logits.sizes())).sum();
}

std::vector<std::pair<std::string, torch::Tensor>> gradients_of(Paramixer& model,
                                                                const ModelInput& input) {
  model.zero_grad();
  weighted_sum(model.forward(input)).backward();
  std::vector<std::pair<std::string, torch::Tensor>> gradients;
  for (const auto& parameter : model.named_parameters()) {
    const torch::Tensor gradient = parameter.value().grad();
    gradients.emplace_back(parameter.key(), gradient.defined()
                                                ? gradient.clone()
                                                : torch::zeros_like(parameter.value()));
  }
  return gradients;
}

double relative_error(const torch::Tensor& actual, const torch::Tensor& expected) {
  const torch::Tensor yardstick = expected.to(torch::kDouble);
  const auto difference = (actual.to(torch::kDouble) - yardstick).norm();
  return (difference / yardstick.norm().clamp_min(1e-30)).item<double>();
}

}  // namespace paramixer::test
