#include "models/training/validation_set.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "core/base/error.hpp"
#include "core/metrics/softmax.hpp"

namespace paramixer {
namespace {

constexpr std::uint64_t kValidationStream = 0x76616c6964;

}  // namespace

ValidationSet::ValidationSet(const TrainingData& data, const ModelConfig& model,
                             const TrainConfig& config, std::int64_t length)
    : classes_(static_cast<std::int64_t>(data.classes.size())) {
  const Tokenizer tokenizer(model.tokens);
  for (const auto& record : data.records) check_record(record, tokenizer);
  const bool whole = config.crop == CropKind::kNone;
  std::vector<std::size_t> order =
      records_in_turn(data, whole ? length : std::numeric_limits<std::int64_t>::max());
  if (order.empty()) {
    throw Error("no validation record has at most " + std::to_string(length) + " bases");
  }
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

LabelledLogits ValidationSet::logits(Paramixer& model, const torch::Device& device) const {
  const torch::NoGradGuard no_gradients;
  model.freeze();
  LabelledLogits scored{.classes = classes_, .logits = {}, .labels = {}};
  for (const LabelledBatch& batch : batches_) {
    const torch::Tensor logits_bc = model.forward(to_model_input(batch.tokens, device))
                                        .to(torch::kCPU, torch::kDouble)
                                        .contiguous();
    const double* values = logits_bc.const_data_ptr<double>();
    scored.logits.insert(scored.logits.end(), values, values + logits_bc.numel());
    scored.labels.insert(scored.labels.end(), batch.labels.begin(), batch.labels.end());
  }
  model.train();
  return scored;
}

ClassificationMetrics ValidationSet::evaluate(Paramixer& model, const torch::Device& device) const {
  const LabelledLogits found = logits(model, device);
  ScoredLabels scored;
  scored.classes = classes_;
  scored.labels = found.labels;
  const auto classes = static_cast<std::size_t>(classes_);
  for (std::size_t first = 0; first < found.logits.size(); first += classes) {
    for (const double probability : softmax(std::span(found.logits).subspan(first, classes), 1.0)) {
      scored.probabilities.push_back(static_cast<float>(probability));
    }
  }
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
