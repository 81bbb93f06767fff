#include "models/explain/integrated_gradients.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/sequence/tokenizer.hpp"

namespace paramixer {
namespace {

constexpr std::int64_t kPositionsAtOnce = 16384;  // Bounds the memory of a group of steps.

/// `count` copies of a sequence with other values of X.
ModelInput with_embedded(const ModelInput& sequence, const torch::Tensor& embedded_te,
                         std::int64_t count) {
  ModelInput input;
  input.embedded_te = embedded_te;
  for (std::int64_t b = 0; b <= count; ++b) input.starts.push_back(b * sequence.starts.back());
  input.valid.assign(static_cast<std::size_t>(count), sequence.valid.front());
  return input;
}

/// Embedding rows of the tokens without an ambiguous letter.
torch::Tensor unambiguous_rows(Paramixer& model) {
  const torch::Tensor rows = model.named_parameters()["embedding.weight"];
  const Tokenizer tokenizer(model.config().tokens);
  if (tokenizer.scheme().kind != TokenKind::kNucleotide) {
    return rows.narrow(0, 0, rows.size(0) - 2);  // Without the reserved token and PAD.
  }
  std::vector<torch::Tensor> letters;
  for (const char letter : std::string_view("ACGT")) {
    letters.push_back(rows[tokenizer.encode(std::string_view(&letter, 1)).front()]);
  }
  return torch::stack(letters);
}

}  // namespace

PositionParts integrated_gradients(Paramixer& model, const ModelInput& sequence,
                                   const torch::Tensor& baseline_te, const torch::Tensor& weights_c,
                                   std::int64_t steps) {
  if (steps < 1) throw usage_error("integrated gradients need at least one step");
  const torch::AutoGradMode with_gradients(true);
  const torch::Tensor embedded_te = model.embedded(sequence).detach();
  const torch::Tensor way_te = embedded_te - baseline_te;
  const auto explained_sum = [&](const torch::Tensor& x_te, std::int64_t count) {
    const torch::Tensor logits = model.forward(with_embedded(sequence, x_te, count));
    return (logits.to(torch::kDouble) * weights_c).sum();
  };
  const std::int64_t length = sequence.starts.back();
  const std::int64_t at_once = std::clamp<std::int64_t>(kPositionsAtOnce / length, 1, steps);
  torch::Tensor sum_te = torch::zeros({length, way_te.size(1)}, torch::kDouble);
  for (std::int64_t first = 0; first < steps; first += at_once) {
    const std::int64_t count = std::min(at_once, steps - first);
    std::vector<torch::Tensor> points;
    for (std::int64_t s = first; s < first + count; ++s) {
      // The middles of equal steps.
      points.push_back(baseline_te +
                       way_te * ((static_cast<double>(s) + 0.5) / static_cast<double>(steps)));
    }
    const torch::Tensor x_te = torch::cat(points).set_requires_grad(true);
    const torch::Tensor gradient =
        torch::autograd::grad({explained_sum(x_te, count)}, {x_te}).front();
    sum_te += gradient.view({count, length, -1}).to(torch::kDouble).sum(0);
  }
  const torch::NoGradGuard no_gradients;
  const torch::Tensor parts = (sum_te * way_te).sum(1).div(static_cast<double>(steps)).contiguous();
  PositionParts explained;
  explained.bias = explained_sum(baseline_te, 1).item<double>();
  explained.logit = explained_sum(embedded_te, 1).item<double>();
  explained.parts.assign(parts.const_data_ptr<double>(),
                         parts.const_data_ptr<double>() + parts.numel());
  return explained;
}

torch::Tensor mean_token_baseline(Paramixer& model, const ModelInput& sequence) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor rows = model.named_parameters()["embedding.weight"];
  const torch::Tensor embedded_te = model.embedded(sequence);
  const std::int64_t valid = sequence.valid.front();
  torch::Tensor baseline_te = embedded_te.clone();
  baseline_te.narrow(0, 0, valid) -= torch::embedding(rows, sequence.tokens_t.narrow(0, 0, valid));
  baseline_te.narrow(0, 0, valid) += unambiguous_rows(model).mean(0);
  return baseline_te;
}

PathAttribution::PathAttribution(Paramixer& model, ModelInput sequence, std::int64_t steps)
    : model_(model), sequence_(std::move(sequence)), steps_(steps) {
  const torch::NoGradGuard no_gradients;
  logits_c_ = model_.forward(sequence_).view({-1}).to(torch::kDouble);
}

PositionParts PathAttribution::parts(const torch::Tensor& weights_c) {
  return integrated_gradients(model_, sequence_, mean_token_baseline(model_, sequence_), weights_c,
                              steps_);
}

std::string path_method_name(std::int64_t steps) {
  return "integrated gradients (" + std::to_string(steps) +
         " steps from the mean token; through the links)";
}

}  // namespace paramixer
