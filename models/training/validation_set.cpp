#include "models/training/validation_set.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace paramixer {
namespace {

constexpr std::uint64_t kValidationStream = 0x76616c6964;

/// Record numbers with the classes in turn, so that a cut anywhere leaves them balanced.
std::vector<std::size_t> records_in_turn(const TrainingData& data, const TrainConfig& config,
                                         std::int64_t length) {
  std::vector<std::vector<std::size_t>> by_class(data.classes.size());
  for (std::size_t r = 0; r < data.records.size(); ++r) {
    const auto size = static_cast<std::int64_t>(data.records[r].sequence.size());
    if (config.crop == CropKind::kNone && size > length) continue;
    by_class[static_cast<std::size_t>(data.records[r].label)].push_back(r);
  }
  std::vector<std::size_t> order;
  for (std::size_t round = 0;; ++round) {
    const std::size_t before = order.size();
    for (const auto& list : by_class) {
      if (round < list.size()) order.push_back(list[round]);
    }
    if (order.size() == before) return order;
  }
}

}  // namespace

ValidationSet::ValidationSet(const TrainingData& data, const ModelConfig& model,
                             const TrainConfig& config, std::int64_t length)
    : classes_(static_cast<std::int64_t>(data.classes.size())) {
  const Tokenizer tokenizer(model.tokens);
  for (const auto& record : data.records) check_record(record, tokenizer);
  std::vector<std::size_t> order = records_in_turn(data, config, length);
  if (order.empty()) {
    throw Error("no validation record has at most " + std::to_string(length) + " bases");
  }
  const bool whole = config.crop == CropKind::kNone;
  const auto most = static_cast<std::size_t>(config.validation_windows);
  if (whole) {
    // While the length grows, a stage is evaluated on its longest records.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return data.records[a].sequence.size() > data.records[b].sequence.size();
    });
  }
  const std::size_t count = whole ? std::min(most, order.size()) : most;
  for (std::size_t i = 0; i < count; ++i) {
    const LabelledSequence& record = data.records[order[i % order.size()]];
    Random random(config.seed, kValidationStream, i);
    const std::int64_t window = whole ? length : draw_window_length(config, length, random);
    const std::string bases =
        draw_window(record.sequence, window, config, tokenizer.span(), random);
    if (batches_.empty() || batches_.back().bases >= config.batch_bases) batches_.emplace_back();
    LabelledBatch& batch = batches_.back();
    append_tokens(bases, tokenizer, model, batch.tokens);
    batch.labels.push_back(record.label);
    batch.bases += static_cast<std::int64_t>(bases.size());
  }
  windows_ = static_cast<std::int64_t>(count);
}

ClassificationMetrics ValidationSet::evaluate(Paramixer& model, const torch::Device& device) const {
  const torch::NoGradGuard no_gradients;
  model.freeze();
  ScoredLabels scored;
  scored.classes = classes_;
  for (const LabelledBatch& batch : batches_) {
    const torch::Tensor logits = model.forward(to_model_input(batch.tokens, device));
    const torch::Tensor probabilities =
        torch::softmax(logits.to(torch::kFloat), 1).to(torch::kCPU).contiguous();
    const float* values = probabilities.const_data_ptr<float>();
    scored.probabilities.insert(scored.probabilities.end(), values, values + probabilities.numel());
    scored.labels.insert(scored.labels.end(), batch.labels.begin(), batch.labels.end());
  }
  model.train();
  return compute_metrics(scored);
}

double selection_value(const ClassificationMetrics& metrics, SelectMetric select) {
  switch (select) {
    case SelectMetric::kAccuracy:
      return metrics.accuracy;
    case SelectMetric::kMacroF1:
      return metrics.macro_f1;
    case SelectMetric::kLogLoss:
      return -metrics.log_loss;
    case SelectMetric::kBalancedAccuracy:
      break;
  }
  return metrics.balanced_accuracy;
}

}  // namespace paramixer
