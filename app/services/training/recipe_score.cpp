#include "app/services/training/recipe_score.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "core/base/random.hpp"
#include "core/metrics/classification_metrics.hpp"
#include "models/predict/predictor.hpp"
#include "models/training/batch_sampler.hpp"

namespace paramixer {
namespace {

constexpr std::uint64_t kFragmentStream = 0x667261676d656e74;

double balanced_accuracy(Predictor& predictor, std::span<const std::string> sequences,
                         std::span<const std::int32_t> labels) {
  const std::vector<Prediction> predictions = predictor.predict(sequences);
  ScoredLabels scored;
  scored.classes = std::ssize(predictor.card().config.classes);
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const Prediction& prediction = predictions[i];
    if (prediction.status != RecordStatus::kOk) {
      scored.unanswered.push_back(labels[i]);
      continue;
    }
    scored.labels.push_back(labels[i]);
    scored.probabilities.insert(scored.probabilities.end(), prediction.probabilities.begin(),
                                prediction.probabilities.end());
  }
  return compute_metrics(scored).balanced_accuracy;
}

}  // namespace

RecipeScoring::RecipeScoring(const TrainingData& valid, const TrainConfig& config) {
  TrainConfig drawing = config;
  drawing.min_window = kShortest;
  std::int64_t bases = 0;
  for (const std::size_t r : records_in_turn(valid, std::numeric_limits<std::int64_t>::max())) {
    const LabelledSequence& record = valid.records[r];
    const std::int64_t length = std::ssize(record.sequence);
    if (std::ssize(fragments_) >= kMostRecords) break;
    Random random(config.seed, kFragmentStream, r);
    const std::int64_t window = draw_window_length(drawing, std::min(length, kLongest), random);
    fragments_.push_back(length <= kShortest
                             ? record.sequence
                             : draw_window(record.sequence, window, drawing, window, random));
    fragment_labels_.push_back(record.label);
    if (bases + length > kMostBases && bases > 0) continue;
    bases += length;
    whole_.push_back(record.sequence);
    whole_labels_.push_back(record.label);
  }
}

RecipeScore RecipeScoring::score(const std::string& model_path, const std::string& device) const {
  Predictor predictor(model_path, {.device = device});
  return {.whole = balanced_accuracy(predictor, whole_, whole_labels_),
          .fragments = balanced_accuracy(predictor, fragments_, fragment_labels_)};
}

}  // namespace paramixer
