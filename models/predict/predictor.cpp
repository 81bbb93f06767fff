#include "models/predict/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/metrics/classification_metrics.hpp"
#include "core/metrics/softmax.hpp"
#include "core/sequence/invalid_base.hpp"
#include "core/sequence/strand.hpp"
#include "core/sequence/window.hpp"
#include "models/config/link_feed.hpp"
#include "models/network/device.hpp"
#include "models/predict/dna_classifier.hpp"
#include "models/predict/oriented_sequences.hpp"

namespace paramixer {
namespace {

/// A window of one of the sequences of a call.
struct Job {
  std::size_t sequence = 0;
  Window window{};
};

std::string_view bases_of(const Window& window, std::string_view sequence) {
  return sequence.substr(static_cast<std::size_t>(window.start),
                         static_cast<std::size_t>(window.length));
}

}  // namespace

class Predictor::Impl {
 public:
  Impl(const std::string& path, PredictorOptions options)
      : options_(std::move(options)),
        device_(options_.device),
        loaded_(load_dna_classifier(path, std::make_shared<MixEngine>(compute_threads()), device_)),
        tokenizer_(loaded_.card.config.tokens) {
    if (options_.batch_size < 1) throw usage_error("the batch size must be 1 or more");
    check_max_unknown(options_.max_unknown);
    window_ = window_length(loaded_.card, options_.window, path);
    max_novelty_ = options_.max_novelty.value_or(loaded_.card.max_novelty);
    choose_storage(path);
    loaded_.model->freeze();
  }

  const ModelCard& card() const { return loaded_.card; }
  std::int64_t window() const { return window_; }

  std::vector<Prediction> predict(std::span<const std::string> sequences) {
    std::vector<Prediction> predictions(sequences.size());
    std::vector<Job> jobs;
    OrientedSequences oriented(loaded_.card.config.tokens.strand);
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      oriented.add(sequences[s]);
      predictions[s].reason = reason_to_reject(sequences[s]);
      if (!predictions[s].reason.empty()) {
        predictions[s].status = RecordStatus::kRejected;
      } else {
        plan_windows(oriented, s, predictions[s], jobs);
      }
    }
    std::vector<Sums> sums(sequences.size(), Sums(loaded_.card.config.classes.size()));
    const auto batch_size = static_cast<std::size_t>(options_.batch_size);
    for (std::size_t first = 0; first < jobs.size(); first += batch_size) {
      const std::size_t count = std::min(batch_size, jobs.size() - first);
      add_probabilities(std::span(jobs).subspan(first, count), oriented, sums);
    }
    for (std::size_t s = 0; s < sequences.size(); ++s) finish(predictions[s], sums[s]);
    return predictions;
  }

 private:
  void choose_storage(const std::string& path) {
    if (options_.storage == ValueStorage::kFloat32) return;
    const LinkFeed feed = inference_link_feed(loaded_.card.config);
    if (feed == LinkFeed::kFused && device_.is_cpu()) {
      throw usage_error(
          "storing values as bfloat16 on the CPU needs links from a table; those of the model " +
          path + " are " + describe_link_feed(loaded_.card.config, feed));
    }
    loaded_.model->set_storage(options_.storage);
  }

  /// Why a sequence cannot be classified; empty when it can.
  std::string reason_to_reject(const std::string& sequence) const {
    const std::int64_t length = std::ssize(sequence);
    if (length == 0) return "no bases";
    if (length < tokenizer_.span()) {
      return "too short: " + std::to_string(length) + " bases, the model needs " +
             std::to_string(tokenizer_.span());
    }
    if (std::string invalid = describe_invalid_base(sequence); !invalid.empty()) return invalid;
    if (length > window_ && options_.long_records == LongRecords::kError) {
      return "too long: " + std::to_string(length) + " bases, the window is " +
             std::to_string(window_);
    }
    return "";
  }

  void plan_windows(OrientedSequences& oriented, std::size_t index, Prediction& prediction,
                    std::vector<Job>& jobs) const {
    if (options_.long_records == LongRecords::kTruncate) {
      oriented.truncate(index, static_cast<std::size_t>(window_));
    }
    oriented.orient(index);
    const std::string_view sequence = oriented[index];
    const std::size_t before = jobs.size();
    for (const Window& window : cover_with_windows(std::ssize(sequence), window_, window_)) {
      const Evidence evidence = evidence_in(bases_of(window, sequence), tokenizer_.span());
      if (evidence.suffices(options_.max_unknown)) jobs.push_back({index, window});
    }
    if (jobs.size() > before) return;
    prediction.status = RecordStatus::kNoEvidence;
    prediction.reason =
        describe_no_evidence(evidence_in(sequence, tokenizer_.span()), tokenizer_.span());
  }

  /// Probabilities summed over windows and strands, weighted by length.
  struct Sums {
    explicit Sums(std::size_t classes) : calibrated(classes, 0.0), raw(classes, 0.0) {}

    std::vector<double> calibrated;
    std::vector<double> raw;  ///< Before calibration.
  };

  /// Adds the windows' probabilities, weighted by their length, to the sums of their sequences.
  void add_probabilities(std::span<const Job> jobs, const OrientedSequences& sequences,
                         std::vector<Sums>& sums) {
    const bool both_strands = loaded_.card.strand == "both";
    batch_.clear();
    for (const Job& job : jobs) {
      const std::string_view bases = bases_of(job.window, sequences[job.sequence]);
      append(bases);
      if (both_strands) append(reverse_complement(bases));
    }
    const torch::InferenceMode no_gradients;
    const torch::Tensor logits = loaded_.model->forward(to_model_input(batch_, device_));
    const torch::Tensor logits_bc = logits.to(torch::kCPU, torch::kDouble).contiguous();
    const double* row = logits_bc.const_data_ptr<double>();
    const std::size_t strands = both_strands ? 2 : 1;
    for (const Job& job : jobs) {
      Sums& sum = sums[job.sequence];
      const std::size_t classes = sum.raw.size();
      for (std::size_t strand = 0; strand < strands; ++strand, row += classes) {
        add({row, classes}, loaded_.card.temperature, job.window.length, sum.calibrated);
        add({row, classes}, 1.0, job.window.length, sum.raw);
      }
    }
  }

  static void add(std::span<const double> logits, double temperature, std::int64_t weight,
                  std::vector<double>& sum) {
    const std::vector<double> probabilities = softmax(logits, temperature);
    for (std::size_t c = 0; c < sum.size(); ++c) {
      sum[c] += static_cast<double>(weight) * probabilities[c];
    }
  }

  void append(std::string_view bases) {
    const std::int64_t count = tokenizer_.token_count(static_cast<std::int64_t>(bases.size()));
    const bool fixed = loaded_.card.config.length == LengthKind::kFixed;
    const std::int64_t padded = fixed ? loaded_.card.config.max_length : count;
    tokenizer_.encode(bases, batch_.append(count, padded, tokenizer_.pad_token()));
  }

  void finish(Prediction& prediction, const Sums& sums) const {
    if (prediction.status != RecordStatus::kOk) return;
    double total = 0.0;
    for (const double value : sums.calibrated) total += value;
    if (!std::isfinite(total)) {
      throw Error("the model gives a probability that is not a number; its weights are damaged");
    }
    for (const double value : sums.calibrated) {
      prediction.probabilities.push_back(static_cast<float>(value / total));
    }
    const auto& scores = prediction.probabilities;
    for (std::int32_t c = 0; c < static_cast<std::int32_t>(scores.size()); ++c) {
      if (prediction.best < 0 || scores[c] > scores[prediction.best]) {
        prediction.second = prediction.best;
        prediction.best = c;
      } else if (prediction.second < 0 || scores[c] > scores[prediction.second]) {
        prediction.second = c;
      }
    }
    prediction.entropy = static_cast<float>(entropy(scores));
    const double raw_total = std::accumulate(sums.raw.begin(), sums.raw.end(), 0.0);
    const double most = *std::max_element(sums.raw.begin(), sums.raw.end());
    prediction.novelty = static_cast<float>(std::max(0.0, 1.0 - most / raw_total));
    prediction.unclassified =
        scores[prediction.best] < options_.min_confidence || prediction.novelty > max_novelty_;
  }

  PredictorOptions options_;
  torch::Device device_;
  LoadedModel loaded_;
  Tokenizer tokenizer_;
  std::int64_t window_ = 0;
  double max_novelty_ = 1.0;
  TokenBatch batch_;
};

Predictor::Predictor(const std::string& model_path, PredictorOptions options)
    : impl_(std::make_unique<Impl>(model_path, std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

const ModelCard& Predictor::card() const noexcept { return impl_->card(); }
std::int64_t Predictor::window() const noexcept { return impl_->window(); }

std::vector<Prediction> Predictor::predict(std::span<const std::string> sequences) {
  return impl_->predict(sequences);
}

}  // namespace paramixer
